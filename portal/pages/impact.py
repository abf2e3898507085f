"""What taking a permission back changes, and what it leaves as it is: told from what this service knows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent
from consents.queries.reading import asked_datasets, events_of, purposes_by_law
from consents.queries.texts import field_names
from portal.pages.data_names import listed
from portal.pages.log_lines import Line, Names, line_of
from portal.pages.permission_cards import in_language
from portal.pages.stories import uses_of


@dataclass(frozen=True)
class Register:
    """Where the data itself is kept, and why."""

    slug: str
    name: str
    purpose: str


@dataclass(frozen=True)
class Impact:
    """`stops`, `may_have`: data, named. `since`: the first yes. `last_use`: the log's newest row of such a use."""

    stops: tuple[str, ...]
    registers: tuple[Register, ...]
    by_law: tuple[tuple[str, str], ...]
    may_have: tuple[str, ...]
    since: datetime | None
    last_use: Line | None


def impact_of(person: UUID, consent: Consent, *, reader: UUID) -> Impact:
    """The same number of statements however much there is."""
    given = [event for event in events_of(consent) if event.state == ConsentState.GIVEN]
    ever = {name for event in given for name in event.fields}
    names = field_names({*consent.fields, *ever})
    registers = {row.dataset.register.slug: row.dataset.register for row in asked_datasets(consent.purpose)}
    return Impact(
        stops=listed(names, consent.fields),
        registers=tuple(Register(each.slug, each.name, each.purpose) for each in registers.values()),
        by_law=_by_law(consent),
        may_have=listed(names, ever),
        since=given[0].at if given else None,
        last_use=last_use(person, consent, reader=reader),
    )


def _by_law(consent: Consent) -> tuple[tuple[str, str], ...]:
    """(name, in one sentence) of what the same department does with data under the law."""
    texts = (
        in_language(purpose.published[0])  # type: ignore[attr-defined]
        for purpose in purposes_by_law()
        if purpose.department_id == consent.purpose.department_id
    )
    return tuple((text["name"], text["summary"]) for text in texts)


def last_use(person: UUID, consent: Consent, *, reader: UUID) -> Line | None:
    """The newest row of this person's log in which a department's system used data for this purpose."""
    entry = uses_of(person, consent).first()
    units = {consent.recipient: consent.purpose.department.everyday_name}
    return line_of(entry, Names(units), reader=reader) if entry else None
