"""A permission as the pages show it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent, PurposeText
from consents.queries.reading import is_gone
from datasources.queries.brought import Origin
from datasources.queries.sheets import sheets_of
from datasources.rules.showing import Record
from portal.i18n.languages import language_now


@dataclass(frozen=True)
class Card:
    """One question or permission."""

    id: UUID
    state: ConsentState
    text: Mapping[str, str]
    version: int
    recipient: str
    requested_at: datetime
    answered_at: datetime | None
    valid_until: datetime | None
    withdrawn_at: datetime | None
    asked: Mapping[str, str] | None = None
    half: bool = False
    speaks: bool = True
    may_stop: bool = True
    gone: bool = False
    marketing: bool = False

    @property
    def asked_anew(self) -> bool:
        """It is on, and its text was changed since: `asked` is what is asked now."""
        return self.asked is not None

    @property
    def question(self) -> Mapping[str, str]:
        """The text of what waits for an answer."""
        return self.asked or self.text

    @property
    def waits(self) -> bool:
        """A question for whoever looks: for them, or for them beside another guardian. None has to be answered."""
        return self.speaks and self._is_open

    @property
    def waits_elsewhere(self) -> bool:
        """A question that somebody else answers: guardians for a child, or the child without them."""
        return not self.speaks and self._is_open

    @property
    def _is_open(self) -> bool:
        if self.gone:
            return False
        other_said_yes = self.state == ConsentState.PENDING and not self.half
        return self.state == ConsentState.REQUESTED or other_said_yes or self.asked_anew


@dataclass(frozen=True)
class OwnValues:
    """The person's own records that a purpose would use, only the fields it asks for; none where they are `hidden`."""

    dataset: str
    name: str
    needed: tuple[str, ...]
    optional: tuple[tuple[str, str], ...]
    records: tuple[Record, ...]
    pulled_at: datetime | None
    hidden: bool = False
    origins: tuple[Origin, ...] = ()


def in_language(text: PurposeText) -> Mapping[str, str]:
    """The parts of a text in the language in force."""
    parts: Mapping[str, str] = text.parts[language_now()]
    return parts


def card_of(
    consent: Consent,
    *,
    asked: PurposeText | None = None,
    half: bool = False,
    speaks: bool = True,
    may_stop: bool = True,
) -> Card:
    """What a list row needs; purpose, department and text came with the query. `asked`: what is asked anew.

    `half`: who looks has said yes, and it waits for another guardian. `speaks`: it is theirs to answer; `may_stop`:
    theirs to take back.
    """
    return Card(
        id=consent.pk,
        state=ConsentState(consent.state),
        text=in_language(consent.text),
        version=consent.text.version,
        recipient=consent.purpose.department.name,
        requested_at=consent.requested_at,
        answered_at=consent.answered_at,
        valid_until=consent.valid_until,
        withdrawn_at=consent.withdrawn_at,
        asked=in_language(asked) if asked else None,
        half=half,
        speaks=speaks,
        may_stop=may_stop,
        gone=is_gone(consent),
        marketing=consent.purpose.direct_marketing,
    )


def own_values(
    person: UUID, asked: Mapping[str, tuple[list[str], list[str]]], *, hidden: bool = False
) -> list[OwnValues]:
    """What the person has in the datasets asked for; `asked` is `{dataset: (needed, optional)}`.

    `hidden`: whoever looks is not shown what registers hold of the person.
    """
    shown = []
    for slug, sheet in sheets_of(person, asked).items():
        needed, optional = asked[slug]
        labels = {spec.slug: spec.label for spec in sheet.fields}
        wanted = {*needed, *optional}
        records = tuple(
            Record(tuple(value for value in record.values if value.slug in wanted)) for record in sheet.records
        )
        shown.append(
            OwnValues(
                dataset=slug,
                name=sheet.dataset.name,
                needed=tuple(labels[each] for each in needed if each in labels),
                optional=tuple((f"{slug}.{each}", labels[each]) for each in optional if each in labels),
                records=() if hidden else records,
                pulled_at=sheet.pulled_at,
                hidden=hidden,
                origins=sheet.origins,
            )
        )
    return shown
