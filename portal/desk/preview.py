"""The exact sentence that a resident will read, shown to staff before they do what it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import override

from datasources.queries.holdings import names_by_slug
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind
from portal.ledger.models import Entry
from portal.pages.log_lines import Names, line_of


@dataclass(frozen=True)
class Foretold:
    """An entry that is not written yet."""

    kind: EntryKind
    by: Actor
    department: str = ""
    reference: str = ""
    counts: Mapping[str, Json] | None = None


def foretold(entry: Foretold, *, language: str, at: datetime, person: UUID | None = None) -> str:
    """As it will stand in the log of the person, made by what makes the log: who, what, why, how."""
    reader = person or uuid4()
    by = entry.by
    row = Entry(
        id=uuid4(),
        kind=entry.kind.value,
        at=at,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_right=by.right.value,
        unit=by.unit,
        role=by.role,
        subject=reader,
        department=entry.department,
        purpose="",
        datasets=[],
        reference=entry.reference,
        counts=dict(entry.counts or {}),
    )
    with override(language):
        line = line_of(row, Names(*names_by_slug()), reader=reader)
        return f"{line.who}. {line.what} {line.why} {line.told_case}{line.how}."
