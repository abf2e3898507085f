"""What happened to one permission, newest first: the log's own words, and what the answer then covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.enums import Channel, ConsentState
from consents.models import Consent, ConsentEvent
from consents.queries.reading import events_of
from consents.queries.texts import FieldName, field_names
from portal.ledger.models import Entry
from portal.ledger.queries import entries_about
from portal.pages.data_names import listed
from portal.pages.log_lines import Line, Names, line_of

CHANNELS: Mapping[str, str | Promise] = {
    Channel.PORTAL: _("In this service"),
    Channel.DESK: _("At a service point"),
    Channel.PAPER: _("On paper"),
    Channel.JOB: _("By itself, without anyone pressing"),
}
LANGUAGES: Mapping[str, str | Promise] = {
    "fi": _("read in Finnish"),
    "sv": _("read in Swedish"),
    "en": _("read in English"),
}


@dataclass(frozen=True)
class Step:
    """One event. `line` is its row in the log; `other_text`: the text is not that of the event before."""

    at: datetime
    state: ConsentState
    line: Line | None
    channel: str | Promise
    language: str | Promise
    version: int
    other_text: bool
    covers: tuple[str, ...]
    until: datetime | None
    receipt: UUID | None


@dataclass(frozen=True)
class Story:
    """`steps` newest first; `last_use`: the newest row of the log in which the data was used with the permission."""

    steps: list[Step]
    last_use: Line | None


def uses_of(person: UUID, consent: Consent) -> QuerySet[Entry]:
    """Rows of this person's log in which a department's system used data for this purpose, newest first."""
    return entries_about(person).filter(purpose=consent.purpose.slug, actor_kind="client")


def story_of(person: UUID, consent: Consent, *, reader: UUID) -> Story:
    """The same number of statements however long it is."""
    events = list(events_of(consent))
    told = {event.entry_id for event in events}
    # Who asks is the one department whose doings stand here; and which data, each step tells field by field.
    units = {consent.recipient: consent.purpose.department.everyday_name}
    rows = entries_about(person).filter(Q(id__in=told) | Q(id__in=uses_of(person, consent).values("id")[:1]))
    lines = {entry.id: line_of(entry, Names(units), reader=reader) for entry in rows}
    names = field_names({name for event in events for name in event.fields})
    befores: Sequence[ConsentEvent | None] = [None, *events]
    steps = [
        _step(event, before, lines.get(event.entry_id), names) for before, event in zip(befores, events, strict=False)
    ]
    return Story(steps[::-1], next((line for entry, line in lines.items() if entry not in told), None))


def _step(event: ConsentEvent, before: ConsentEvent | None, line: Line | None, names: Mapping[str, FieldName]) -> Step:
    return Step(
        at=event.at,
        state=ConsentState(event.state),
        line=line,
        channel=CHANNELS[event.channel],
        language=LANGUAGES.get(event.language, ""),
        version=event.text.version,
        other_text=before is not None and before.text_id != event.text_id,
        covers=listed(names, event.fields),
        until=event.valid_until,
        receipt=event.receipt.pk if hasattr(event, "receipt") else None,
    )
