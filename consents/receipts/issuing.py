"""Issuing: the receipt of an event, signed and sealed in the very transaction that writes the event."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.conf import settings
from zstandard import ZstdCompressor

from consents.enums import ConsentState
from consents.models import Consent, ConsentEvent, Receipt
from consents.receipts.described import asked_data
from consents.receipts.happenings import NEVER_A_RECEIPT, WITH_RECEIPT, Told, happenings
from consents.receipts.record import Facts, canonical, record_of
from portal.keys.models import KeyScope
from portal.keys.person_keys import key_sent_for
from portal.keys.seals import place, seal
from portal.keys.signing import sign
from portal.walls import pipelined, sent

KEY = "receipts"
KIND = "consent-receipt+jws"
_EVENTS = """
SELECT e.number, e.at, e.state, e.text_id, t.version, e.text_sha256, e.language, e.fields, e.valid_from, e.valid_until,
       e.actor_kind, e.actor_right, e.channel, e.entry_id, e.paper, e.said_right, e.cause
FROM consents_consentevent e JOIN consents_purposetext t ON t.id = e.text_id
WHERE e.consent_id = %s ORDER BY e.number
"""


def issue(consent: Consent, event: ConsentEvent) -> UUID | None:
    """The id of the receipt of this event, which is the latest; none for what is no answer and no end of one."""
    if event.state in NEVER_A_RECEIPT:
        return None
    with pipelined():
        events, asked, key = _told(consent), asked_data(consent.text), key_sent_for(consent.person_id, KeyScope.PROOF)
        happened = events()
    if list(happenings(happened))[-1][1] not in WITH_RECEIPT:
        return None
    receipt = uuid4()
    facts = Facts(receipt, consent, happened, asked(), settings.PUBLIC_URL)
    record = record_of(facts)
    content = canonical(record)
    kid, signature = sign(KEY, content, kind=KIND)
    file = b'{"receipt":%b,"signature":"%b"}' % (content, signature.encode())
    Receipt.objects.create(
        id=receipt,
        consent=consent,
        event=event,
        person_id=consent.person_id,
        issued_at=event.at,
        kid=kid,
        sealed=seal(key(), ZstdCompressor().compress(file), aad=sealed_at(consent.person_id, receipt)),
    )
    return receipt


def sealed_at(person: UUID, receipt: UUID) -> bytes:
    """The place that a receipt's seal is bound to."""
    return place("consents_receipt", "sealed", person, receipt)


def _told(consent: Consent) -> Callable[[], list[Told]]:
    """What reads every event of the permission, oldest first."""
    rows = sent(_EVENTS, [consent.pk])
    return lambda: [
        Told(number, at, ConsentState(state), text, version, sha256, language, tuple(fields), *more)
        for number, at, state, text, version, sha256, language, fields, *more in rows()
    ]
