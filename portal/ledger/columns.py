"""A long log read for files: of what most entries have alike one copy is kept, and of each what is its own."""

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from portal.ledger.models import Entry
from portal.ledger.parts import parts_of
from portal.walls import bulk_some

_AT_ONCE = 2000
# JSON is put together as text of which each letter stands for a byte: Python copies it, and looks at none of them.
BYTEWISE = "latin-1"
# The view looks for each entry's place by itself, twice; of many they are found in one go.
_PLACED = """
SELECT said.body, leaf.index, leaf.sequenced_at
FROM ({}) AS said (id, body) LEFT JOIN ledger_leaf AS leaf ON leaf.entry_id = said.id
"""
# What stands before time, commitment, details and id, and behind the id; and how long these are, but for the details.
_AT, _COMMITMENT, _DETAILS, _PK, _KIND = b'},"at":"', b'","commitment":"', b',"details":', b',"id":"', b'","kind":'
_TIME, _HASH, _ID = len("2026-12-01T12:00:00.000000Z"), 64, 36
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

    `kind` and the rest are as `Entry` has them; `opened` and `private` are JSON, bytewise, to be filled in.
    """

    __slots__ = ("actor_id", "actor_kind", "facts", "kind", "opened", "private", "subject")

    def __init__(self, body: bytes) -> None:
        parts = parts_of(body)
        self.facts = facts = _facts.decode(body)
        self.kind, self.subject = facts.kind, facts.subject
        self.actor_kind, self.actor_id = facts.actor.kind, facts.actor.id
        # The open part from the kind on; the private part before the details and behind them.
        self.opened = f'","kind":{_text(parts.kind)},"v":{_text(parts.v)}}}'
        before, after = msgspec.structs.replace(parts, details=msgspec.Raw(_HERE)).private.split(_HERE)
        self.private = before.decode(BYTEWISE), after.decode(BYTEWISE)


# Not watched by the collector of cycles, which would look through a long log again and again: there are none in it.
class Told(msgspec.Struct, gc=False):
    """An entry: `at` (UTC, RFC 3339 to the microsecond), `commitment` (hex) and `pk` as they stand in its bytes.

    `details`: sealed, as base64, or None; `index` and `sequenced_at`: None while it waits to be numbered.
    """

    at: str
    pk: str
    commitment: str
    details: str | None
    like: Like
    index: int | None
    sequenced_at: datetime | None

    @property
    def opened(self) -> str:
        """The open part, which the leaf is the hash of: JSON, bytewise."""
        return f'{{"at":"{self.at}","commitment":"{self.commitment}","id":"{self.pk}{self.like.opened}'

    @property
    def private(self) -> str:
        """What the commitment is over: JSON, bytewise."""
        before, behind = self.like.private
        # Base64: nothing in it is to be escaped.
        return f"{before}null{behind}" if self.details is None else f'{before}"{self.details}"{behind}'

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
    statement, parameters = entries.defer(None).order_by().values_list("id", "body").query.sql_with_params()
    return sorted(_told(_PLACED.format(statement), parameters), key=attrgetter("at", "pk"), reverse=True)


def _told(statement: str, parameters: tuple[Any, ...]) -> Iterator[Told]:
    likes: dict[tuple[bytes, ...], Like] = {}
    for some in bulk_some(statement, parameters, at_once=_AT_ONCE):
        for body, index, sequenced_at in some:
            at, commitment, details, pk, key = _own(body)
            if (like := likes.get(key)) is None:
                like = likes[key] = Like(body)
            yield Told(at, pk, commitment, details, like, index, sequenced_at)


def _own(body: bytes) -> tuple[str, str, str | None, str, tuple[bytes, ...]]:
    """Time, commitment, details and id as text, and what is left of the bytes; ValueError when they are no entry's.

    Canonical JSON has its members in one order, and no bare quote within a text: what is looked for stands once, and
    is found without reading the rest.
    """
    at = body.index(_AT) + len(_AT)
    commitment = at + _TIME + len(_COMMITMENT)
    counts = commitment + _HASH
    kind = body.rindex(_KIND)
    pk = kind - _ID
    details = body.rindex(_DETAILS, counts, pk) + len(_DETAILS)
    sealed = body[details : pk - len(_PK)]
    return (
        body[at : at + _TIME].decode(),
        body[commitment:counts].decode(),
        None if sealed == b"null" else sealed[1:-1].decode(),
        body[pk:kind].decode(),
        (body[:at], body[at + _TIME : commitment], body[counts:details], body[pk - len(_PK) : pk], body[kind:]),
    )


def _text(raw: msgspec.Raw) -> str:
    return bytes(raw).decode(BYTEWISE)
