"""An entry of the register of algorithms as the pages show it, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consents.algorithms.enums import AlgorithmState, Deciding
from consents.algorithms.parts import SECTIONS, read_facts
from consents.algorithms.reading import Entry, named_by
from consents.algorithms.words import FACT_NAMES, FACTS_OF, PART_NAMES, SECTION_NAMES
from consents.publishing.differences import SAME, TAKEN, marked
from portal.i18n.dates import day_text
from portal.i18n.languages import language_now

_ADDRESSES = {"website", "documentation", "code_url", "model_card", "product_page", "dpia_url", "aia_url"}
_HASHES = {"code_hash", "model_digest"}
# What stands above the headings.
_HEAD = ("name", "short", "remark")


@dataclass(frozen=True)
class Row:
    """One part or fact: its name, and its words as (same, added or taken; the words). `kind`: text, address, hash."""

    name: str
    label: Any
    words: tuple[tuple[str, str], ...]
    kind: str = "text"

    @property
    def text(self) -> str:
        """As it is now."""
        return "".join(piece for kind, piece in self.words if kind != TAKEN)

    @property
    def changed(self) -> bool:
        """Something was put in or taken out."""
        return any(kind != SAME for kind, _ in self.words)


@dataclass(frozen=True)
class Section:
    """A heading of the page, with what stands under it."""

    name: str
    title: Any
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Told:
    """A state that it came to, when, and why."""

    state: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Line:
    """One row of the list; what is history has no beginning of its own."""

    slug: str
    name: str
    short: str
    state: str
    since: datetime | None
    department: str


def page_of(entry: Entry) -> dict[str, Any]:
    """What the page of an entry shows, whether it is published or a draft."""
    language = language_now()
    return {
        "algorithm": entry.algorithm,
        "parts": entry.now.parts[language],
        "facts": entry.facts,
        "department": entry.algorithm.department.name,
        "version": entry.now,
        "sections": sections_of(entry.now),
        "data": [(each.register, each.register_name[language], each.name[language]) for each in entry.data],
        "purposes": [(each.name[language], each.summary[language], each.basis == "a") for each in entry.purposes],
        "story": story_of(entry),
        "versions": entry.versions,
    }


def sections_of(version: Any, before: Any = None) -> tuple[Section, ...]:
    """Every heading that has something under it; with `before`, what is new and what is gone is marked."""
    language = language_now()
    new, old = version.parts[language], (before or version).parts[language]
    facts, were = _shown(version.facts), _shown((before or version).facts)
    found = []
    for section, parts in SECTIONS.items():
        rows = [Row(part, PART_NAMES[part], _words(old, new, part)) for part in parts if part not in _HEAD]
        rows += [
            Row(fact, FACT_NAMES[fact], _words(were, facts, fact), _kind(fact)) for fact in FACTS_OF.get(section, ())
        ]
        there = tuple(row for row in rows if row.words)
        if there:
            found.append(Section(section, SECTION_NAMES[section], there))
    return tuple(found)


def changed_rows(version: Any, before: Any) -> tuple[Row, ...]:
    """What a version says otherwise than the one before it, what stands above the headings among it."""
    language = language_now()
    new, old = version.parts[language], before.parts[language]
    head = [Row(part, PART_NAMES[part], _words(old, new, part)) for part in _HEAD]
    rest = [row for section in sections_of(version, before) for row in section.rows]
    return tuple(row for row in (*head, *rest) if row.changed)


def _words(old: Mapping[str, str], new: Mapping[str, str], name: str) -> tuple[tuple[str, str], ...]:
    was, now = old.get(name, ""), new.get(name, "")
    if was == now:
        return ((SAME, now),) if now else ()
    return marked(was, now)


def _kind(fact: str) -> str:
    if fact in _ADDRESSES:
        return "address"
    return "hash" if fact in _HASHES else "text"


def _shown(facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts in words; what says nothing is left out."""
    return {name: text for name, value in read_facts(facts) if (text := _fact(value))}


def _fact(value: Any) -> str:
    if isinstance(value, date):
        return day_text(value)
    return str(getattr(value, "label", value) or "")


def story_of(entry: Entry) -> list[Told]:
    """Every state that it came to, newest first."""
    language = language_now()
    return [
        Told(str(AlgorithmState(each.after).label), each.at, each.reason.get(language, ""))
        for each in reversed(entry.changes)
    ]


@dataclass(frozen=True)
class ProgramNamed:
    """A program that helps with a use of data: its page and name, where it stands, and whether a person decides."""

    slug: str
    name: str
    state: str
    person_decides: bool


def programs_of(purposes: Iterable[UUID]) -> dict[UUID, list[ProgramNamed]]:
    """What each of these uses of data names, in one statement."""
    language = language_now()
    return {
        purpose: [
            ProgramNamed(each.slug, each.name[language], each.state, each.deciding == Deciding.PERSON) for each in named
        ]
        for purpose, named in named_by(purposes).items()
    }


def lines_of(rows: Sequence[Any]) -> Iterator[Line]:
    """Rows of the list."""
    language = language_now()
    for row in rows:
        parts, algorithm = row.parts[language], row.algorithm
        yield Line(
            slug=algorithm.slug,
            name=parts["name"],
            short=parts["short"],
            state=algorithm.get_state_display(),
            since=None if algorithm.state == AlgorithmState.HISTORICAL else algorithm.state_since_at,
            department=algorithm.department.name,
        )
