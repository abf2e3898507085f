"""What happened to one permission, newest first: the log's own words, and what the answer then covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.enums import Channel, ConsentState
from consents.models import Consent, ConsentEvent
from consents.queries.reading import events_of
from consents.queries.texts import FieldName, field_names
from datasources.queries.holdings import names_by_slug
from portal.ledger.queries import entries_about
from portal.pages.data_names import listed
from portal.pages.sentences import Line, line_of

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


def story_of(person: UUID, consent: Consent, *, reader: UUID) -> list[Step]:
    """Newest first; the same number of statements however long it is."""
    events = list(events_of(consent))
    units, datasets = names_by_slug()
    lines = {
        entry.id: line_of(entry, departments=units, datasets=datasets, reader=reader)
        for entry in entries_about(person).filter(id__in=[event.entry_id for event in events])
    }
    names = field_names({name for event in events for name in event.fields})
    befores: Sequence[ConsentEvent | None] = [None, *events]
    steps = [
        _step(event, before, lines.get(event.entry_id), names) for before, event in zip(befores, events, strict=False)
    ]
    return steps[::-1]


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
