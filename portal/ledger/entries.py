"""What an entry is: canonical bytes (RFC 8785), and the leaf that commits to them (RFC 6962 §2.1)."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from portal.keys.seals import place, seal, seal_by_ring
from portal.ledger.actor import Actor
from portal.ledger.parts import Id, open_part, salt_of

VERSION = 1
_MARK = "commitment-stands-here"

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True)
class Facts:
    """What an entry tells besides kind, time and actor. `counts` holds numbers and slugs, never anything personal."""

    subject: UUID | None = None
    department: str = ""
    purpose: str = ""
    datasets: Sequence[str] = ()
    reference: str = ""
    counts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What an entry about a person is made of, beside the actor; `details` are sealed under the person's `log` key."""

    kind: str
    at: datetime
    facts: Facts
    details: Mapping[str, Json] = field(default_factory=dict, repr=False)


def canonical(value: Mapping[str, Json]) -> bytes:
    """RFC 8785 bytes of what entries are made of: ASCII names, text, whole numbers that a double holds, no fractions.

    msgspec sorts names by code point, which for ASCII is RFC 8785's order; it is 20 times as fast as what sorts all.
    """
    return msgspec.json.encode(value, order="sorted")


def details_place(entry: UUID) -> bytes:
    """Where sealed details stand."""
    return place("ledger_entry", "details", entry)


def _actor(actor: Actor, entry: UUID) -> dict[str, Json]:
    told: dict[str, Json] = {
        "kind": actor.kind.value,
        "id": actor.id,
        "right": actor.right.value,
        "unit": actor.unit,
        "role": actor.role,
    }
    if actor.name:
        # Sealed apart: only the data protection officer opens it (C-579/21).
        sealed = seal_by_ring("names", actor.name.encode(), aad=place("ledger_entry", "actor", entry))
        told["name"] = base64.b64encode(sealed).decode()
    return told


def _told(entry: UUID, *, by: Actor, facts: Facts) -> dict[str, Json]:
    """The private part of an entry, without details."""
    return {
        "actor": _actor(by, entry),
        "subject": str(facts.subject) if facts.subject else None,
        "department": facts.department,
        "purpose": facts.purpose,
        "datasets": list(facts.datasets),
        "reference": facts.reference,
        "counts": dict(facts.counts),
        "details": None,
    }


def _opened(entry: UUID, kind: str, *, at: datetime, commitment: str) -> dict[str, Json]:
    return {
        "v": VERSION,
        "id": str(entry),
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "commitment": commitment,
    }


def _commitment(entry: Id, private: bytes, log_key: bytes) -> str:
    # The salt is never stored: when the key ends, the commitment still holds and tells nothing.
    return hashlib.sha256(salt_of(log_key, entry) + private).hexdigest()


def body(
    entry: UUID,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    facts: Facts,
    log_key: bytes,
    details: Mapping[str, Json] | None,
) -> bytes:
    """The entry's canonical bytes. `log_key`: 32 bytes, the subject's `log` key or the ring's `salts` key."""
    private = _told(entry, by=by, facts=facts)
    if details is not None:
        plain = json.dumps(details, ensure_ascii=False).encode()
        private["details"] = base64.b64encode(seal(log_key, plain, aad=details_place(entry))).decode()
    opened = _opened(entry, kind, at=at, commitment=_commitment(entry, canonical(private), log_key))
    return canonical(opened | private)


def alike(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    facts: Facts,
) -> Callable[[Id, UUID, bytes], bytes]:
    """A maker of canonical bytes for entries that differ in id and subject only: `make(entry, subject, log_key)`.

    Canonical JSON of the same keys is the same text but for these values, so it is written once and filled in.
    """
    if by.name:
        raise ValueError("Entries of a named actor are written one by one, for the name is sealed into each.")
    blank = UUID(int=0)
    told = _told(blank, by=by, facts=replace(facts, subject=blank))
    before, after = canonical(told).split(f'"subject":"{blank}"'.encode())
    opened = _opened(blank, kind, at=at, commitment=_MARK) | told
    parts = re.split(f"{_MARK}|{blank}".encode(), canonical(opened))

    def make(entry: Id, subject: UUID, log_key: bytes) -> bytes:
        told_subject = str(subject).encode()
        private = b"".join((before, b'"subject":"', told_subject, b'"', after))
        commitment = _commitment(entry, private, log_key).encode()
        return b"".join((parts[0], commitment, parts[1], str(entry).encode(), parts[2], told_subject, parts[3]))

    return make


def leaf_hash(entry_body: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x00 and the canonical open part, in which everything personal is the commitment."""
    return hashlib.sha256(b"\x00" + open_part(entry_body)).digest()
