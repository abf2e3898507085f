"""Reading receipts. A read starts from the person; row security holds the same line below."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import zstandard
from django.db.models import QuerySet
from msgspec import json

from consents.enums import ConsentState
from consents.models import ConsentEvent, Receipt
from consents.receipts.issuing import sealed_at
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import unseal
from portal.ledger.proofs import Seal, proof_of, seal_of
from portal.ledger.queries import entry_about


@dataclass(frozen=True)
class Opened:
    """A receipt as it was handed out: `file` are the very bytes that were signed and sealed."""

    id: UUID
    consent: UUID
    file: bytes

    @property
    def receipt(self) -> Mapping[str, Any]:
        """What was signed."""
        told: Mapping[str, Any] = json.decode(self.file)["receipt"]
        return told

    @property
    def entry(self) -> UUID:
        """Its entry in the log."""
        return UUID(self.receipt["ledger"]["entry_id"])


def receipts_of(person: UUID) -> QuerySet[Receipt]:
    """Every receipt of this person, oldest first."""
    return Receipt.objects.filter(person_id=person).order_by("issued_at", "event__number")


def opened(receipt: Receipt) -> Opened:
    """KeyDestroyed when the evidence has come to its end, SealBroken when other bytes were put there."""
    key = person_key(receipt.person_id, KeyScope.PROOF)
    small = unseal(key, bytes(receipt.sealed), aad=sealed_at(receipt.person_id, receipt.pk))
    return Opened(receipt.pk, receipt.consent_id, zstandard.ZstdDecompressor().decompress(small))


def proven(found: Opened) -> bytes:
    """The file with what proves its entry's place in the log beside the signed part; as it was signed, until sealed."""
    proof = proof_of(found.entry)
    return found.file if proof is None else b'%b,"log":%b}' % (found.file[:-1], json.encode(proof))


def seal_of_receipt(person: UUID, found: Opened) -> Seal | None:
    """Where its entry stands in the log, and since when; None while it waits to be sealed."""
    entry = entry_about(person, found.entry)
    return seal_of(entry) if entry else None


def newer_than(consent: UUID, number: int) -> bool | None:
    """Whether anything was answered, ended or held after this event; None when nothing is kept of the permission.

    Within a scope that was opened for this permission. Being asked again changes no answer, so it does not count.
    """
    numbers = dict(ConsentEvent.objects.filter(consent=consent, number__gte=number).values_list("number", "state"))
    if number not in numbers:
        return None
    return any(state != ConsentState.REQUESTED for later, state in numbers.items() if later > number)


def moment_of(told: str) -> datetime:
    """A moment as a receipt writes it."""
    return datetime.fromisoformat(told)
