"""What an entry is: canonical bytes (RFC 8785), and the leaf that commits to them (RFC 6962 §2.1)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import rfc8785

from portal.keys.seals import place, seal, seal_by_ring
from portal.ledger.actor import Actor

VERSION = 1
_OPEN = ("v", "id", "kind", "at", "commitment")

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
    private: dict[str, Json] = {
        "actor": _actor(by, entry),
        "subject": str(facts.subject) if facts.subject else None,
        "department": facts.department,
        "purpose": facts.purpose,
        "datasets": list(facts.datasets),
        "reference": facts.reference,
        "counts": dict(facts.counts),
        "details": None,
    }
    if details is not None:
        plain = json.dumps(details, ensure_ascii=False).encode()
        private["details"] = base64.b64encode(seal(log_key, plain, aad=details_place(entry))).decode()
    # The salt is never stored: when the key ends, the commitment still holds and tells nothing.
    salt = hmac.digest(log_key, entry.bytes, "sha256")
    opened: dict[str, Json] = {
        "v": VERSION,
        "id": str(entry),
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "commitment": hashlib.sha256(salt + rfc8785.dumps(private)).hexdigest(),
    }
    return rfc8785.dumps(opened | private)


def leaf_hash(entry_body: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x00 and the canonical open part, in which everything personal is the commitment."""
    whole = json.loads(entry_body)
    return hashlib.sha256(b"\x00" + rfc8785.dumps({name: whole[name] for name in _OPEN})).digest()
