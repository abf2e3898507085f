"""Issuing: the receipt of an event, signed and sealed in the very transaction that writes the event."""

from uuid import UUID, uuid4

import rfc8785
import zstandard
from django.conf import settings
from django.db.models import F

from consents.enums import ConsentState
from consents.models import Consent, ConsentEvent, Receipt
from consents.receipts.described import asked_data
from consents.receipts.happenings import WITH_RECEIPT, Told, happenings
from consents.receipts.record import Facts, record_of
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import place, seal
from portal.keys.signing import sign

KEY = "receipts"
KIND = "consent-receipt+jws"
_COLUMNS = ("number", "at", "state", "text", "language", "fields", "valid_from", "valid_until", "channel")
_ACTED = ("actor_kind", "actor_right")


def issue(consent: Consent, event: ConsentEvent) -> UUID | None:
    """The id of the receipt of this event, which is the latest; none for what is no answer and no end of one."""
    events = _events(consent)
    if list(happenings(events))[-1][1] not in WITH_RECEIPT:
        return None
    receipt = uuid4()
    facts = Facts(receipt, consent, events, asked_data(consent.text), settings.PUBLIC_URL)
    record = record_of(facts)
    kid, signature = sign(KEY, rfc8785.dumps(record), kind=KIND)
    file = rfc8785.dumps({"receipt": record, "signature": signature})
    Receipt.objects.create(
        id=receipt,
        consent=consent,
        event=event,
        person_id=consent.person_id,
        issued_at=event.at,
        kid=kid,
        sealed=_sealed(consent.person_id, receipt, file),
    )
    return receipt


def sealed_at(person: UUID, receipt: UUID) -> bytes:
    """The place that a receipt's seal is bound to."""
    return place("consents_receipt", "sealed", person, receipt)


def _sealed(person: UUID, receipt: UUID, file: bytes) -> bytes:
    small = zstandard.ZstdCompressor().compress(file)
    return seal(person_key(person, KeyScope.PROOF), small, aad=sealed_at(person, receipt))


def _events(consent: Consent) -> list[Told]:
    renamed = {"version": F("text__version"), "sha256": F("text_sha256"), "entry": F("entry_id")}
    rows = ConsentEvent.objects.filter(consent=consent).order_by("number").values(*_COLUMNS, *_ACTED, **renamed)
    return [Told(**(row | {"state": ConsentState(row["state"]), "fields": tuple(row["fields"])})) for row in rows]
