"""A long log read for files: of what most entries have alike one copy is kept, and of each what is its own."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from portal.ledger.models import Entry
from portal.ledger.parts import Parts, parts_of
from portal.walls import bulk_some

_AT_ONCE = 2000
_NULL = b"null"
# Stands in place of details: canonical JSON has no such byte.
_HERE = b"\0"


class _Actor(msgspec.Struct):
    kind: str
    id: str
    right: str
    unit: str
    role: str


class _Facts(msgspec.Struct):
    kind: str
    actor: _Actor
    subject: UUID | None
    department: str
    purpose: str
    datasets: list[str]
    reference: str
    counts: dict[str, Any]


_facts = msgspec.json.Decoder(_Facts)


class Like:
    """What entries have alike that differ in no more than id, time, commitment, sealed details and place.

    `kind` and the rest are as `Entry` has them; `opened` and `private` are JSON to be filled in, before and after.
    """

    __slots__ = ("actor_id", "actor_kind", "facts", "kind", "opened", "private", "subject")

    def __init__(self, parts: Parts, body: bytes) -> None:
        self.facts = facts = _facts.decode(body)
        self.kind, self.subject = facts.kind, facts.subject
        self.actor_kind, self.actor_id = facts.actor.kind, facts.actor.id
        # The open part from the kind on; the private part before the details and behind them.
        self.opened = f'","kind":{_text(parts.kind)},"v":{_text(parts.v)}}}'
        before, after = msgspec.structs.replace(parts, details=msgspec.Raw(_HERE)).private.split(_HERE)
        self.private = before.decode(), after.decode()


class Told(NamedTuple):
    """An entry: `at` (UTC, RFC 3339 to the microsecond), `commitment` (hex) and `pk` as they stand in its bytes.

    `details`: JSON, `null` or sealed; `index` and `sequenced_at`: None while it waits to be numbered.
    """

    at: str
    pk: str
    commitment: str
    details: str
    like: Like
    index: int | None
    sequenced_at: datetime | None

    @property
    def opened(self) -> str:
        """The open part, which the leaf is the hash of."""
        return f'{{"at":"{self.at}","commitment":"{self.commitment}","id":"{self.pk}{self.like.opened}'

    @property
    def entry(self) -> Entry:
        """As the database's own columns tell it, without the bytes."""
        facts = self.like.facts
        return Entry(
            id=UUID(self.pk),
            kind=facts.kind,
            at=datetime.fromisoformat(self.at),
            actor_kind=facts.actor.kind,
            actor_id=facts.actor.id,
            actor_right=facts.actor.right,
            unit=facts.actor.unit,
            role=facts.actor.role,
            subject=facts.subject,
            department=facts.department,
            purpose=facts.purpose,
            datasets=facts.datasets,
            reference=facts.reference,
            counts=facts.counts,
            index=self.index,
            sequenced_at=self.sequenced_at,
        )


def whole_log(entries: QuerySet[Entry]) -> list[Told]:
    """All of them, the newest first; within a scope.

    They are put in order here: the database would take apart the bytes of each to learn when it was.
    """
    statement = entries.defer(None).order_by().values_list("body", "index", "sequenced_at").query.sql_with_params()
    told = sorted(_told(statement), key=_order, reverse=True)
    return told


def _order(row: Told) -> tuple[str, str]:
    return row[0], row[1]


def _told(statement: tuple[str, tuple[Any, ...]]) -> Iterator[Told]:
    likes: dict[tuple[bytes, ...], Like] = {}
    for some in bulk_some(*statement, at_once=_AT_ONCE):
        for body, index, sequenced_at in some:
            parts = parts_of(body)
            key = _alike(parts)
            if (like := likes.get(key)) is None:
                like = likes[key] = Like(parts, body)
            details = bytes(parts.details)
            yield Told(
                _inside(parts.at),
                _inside(parts.id),
                _inside(parts.commitment),
                "null" if details == _NULL else details.decode(),
                like,
                index,
                sequenced_at,
            )


def _alike(parts: Parts) -> tuple[bytes, ...]:
    return (
        *(bytes(parts.actor), bytes(parts.counts), bytes(parts.datasets), bytes(parts.department), bytes(parts.kind)),
        *(bytes(parts.purpose), bytes(parts.reference), bytes(parts.subject), bytes(parts.v)),
    )


def _text(raw: msgspec.Raw) -> str:
    return bytes(raw).decode()


def _inside(raw: msgspec.Raw) -> str:
    """Of a text without anything to escape: an id, a time, a hash."""
    return bytes(raw)[1:-1].decode()
