"""The register as everyone may read it: only what was published. A handful of statements, however many entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Prefetch, QuerySet

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.models import Algorithm, AlgorithmVersion, StateChange
from consents.algorithms.parts import EntryFacts, read_facts
from consents.enums import TextState
from consents.models import Purpose, PurposeText
from consents.texts import LANGUAGES
from datasources.models import Dataset, Department

PAGE = 20


@dataclass(frozen=True)
class DataRead:
    """A dataset of the catalogue that the system reads; names by language."""

    slug: str
    register: str
    name: Mapping[str, str]
    register_name: Mapping[str, str]


@dataclass(frozen=True)
class Covering:
    """A use of data that names the algorithm; names and summaries by language."""

    slug: str
    basis: str
    name: Mapping[str, str]
    summary: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One entry, whole: the published version, all that were published before it (newest first), and its ties."""

    algorithm: Algorithm
    now: AlgorithmVersion
    facts: EntryFacts
    versions: Sequence[AlgorithmVersion]
    changes: Sequence[StateChange]
    data: Sequence[DataRead]
    purposes: Sequence[Covering]

    @property
    def first_published_at(self) -> datetime:
        """Of the oldest version."""
        first = self.versions[-1].published_at
        assert first is not None  # noqa: S101 - the database holds it
        return first


@dataclass(frozen=True)
class Listing:
    """One page of the list: rows with `algorithm`, and how many there are on either side."""

    rows: Sequence[AlgorithmVersion]
    number: int
    more: bool

    @property
    def before(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the next page."""
        return self.number + 1


def _published() -> QuerySet[AlgorithmVersion]:
    rows = AlgorithmVersion.objects.filter(state=TextState.PUBLISHED)
    return rows.select_related("algorithm__department")


def listed(*, language: str, state: str = "", department: str = "", number: int = 1) -> Listing:
    """A page of published entries, by name in the language."""
    rows = _published()
    if state:
        rows = rows.filter(algorithm__state=state)
    if department:
        rows = rows.filter(algorithm__department__slug=department)
    begin = (number - 1) * PAGE
    found = list(rows.order_by(f"parts__{language}__name", "pk")[begin : begin + PAGE + 1])
    return Listing(found[:PAGE], number, more=len(found) > PAGE)


def states_there() -> dict[str, int]:
    """{state: how many published entries}, in the order of the states."""
    counted = _published().order_by().values("algorithm__state").annotate(n=Count("pk"))
    found = {row["algorithm__state"]: row["n"] for row in counted}
    return {state: found[state] for state in AlgorithmState.values if state in found}


def departments_there() -> list[Department]:
    """Departments that answer for something in the register."""
    return list(Department.objects.filter(algorithms__versions__state=TextState.PUBLISHED).distinct())


def entries(slugs: Iterable[str] | None = None) -> list[Entry]:
    """Entries that are published, whole, by slug; of these slugs, or all. Six statements."""
    rows = _whole().filter(versions__state=TextState.PUBLISHED)
    if slugs is not None:
        rows = rows.filter(slug__in=slugs)
    found = list(rows.order_by("slug"))
    data = _data({slug for row in found for slug in _now(row).datasets})
    return [_entry(row, _now(row), data) for row in found]


def _whole() -> QuerySet[Algorithm]:
    once = AlgorithmVersion.objects.filter(published_at__isnull=False).order_by("-version")
    texts = PurposeText.objects.filter(state=TextState.PUBLISHED)
    covering = Purpose.objects.filter(closed_at=None, texts__state=TextState.PUBLISHED).prefetch_related(
        Prefetch("texts", queryset=texts, to_attr="published")
    )
    return Algorithm.objects.select_related("department").prefetch_related(
        Prefetch("versions", queryset=once, to_attr="once"),
        Prefetch("changes", to_attr="told"),
        Prefetch("purposes", queryset=covering.order_by("slug"), to_attr="covering"),
    )


def as_it_would_be(version: AlgorithmVersion) -> Entry:
    """The entry with a version that is not published yet, for those who write and approve it."""
    return _entry(_whole().get(pk=version.algorithm_id), version, _data(set(version.datasets)))


def entry(slug: str) -> Entry | None:
    """One entry; None when nothing of it was published."""
    return next(iter(entries([slug])), None)


def _now(algorithm: Algorithm) -> AlgorithmVersion:
    versions: list[AlgorithmVersion] = algorithm.once  # type: ignore[attr-defined]
    return next(each for each in versions if each.state == TextState.PUBLISHED)


def _entry(algorithm: Algorithm, now: AlgorithmVersion, data: Mapping[str, DataRead]) -> Entry:
    return Entry(
        algorithm=algorithm,
        now=now,
        facts=read_facts(now.facts),
        versions=algorithm.once,  # type: ignore[attr-defined]
        changes=algorithm.told,  # type: ignore[attr-defined]
        data=[data[slug] for slug in now.datasets if slug in data],
        purposes=[_covering(each) for each in algorithm.covering],  # type: ignore[attr-defined]
    )


def _covering(purpose: Purpose) -> Covering:
    parts = purpose.published[0].parts  # type: ignore[attr-defined]
    name, summary = ({one: parts[one][part] for one in LANGUAGES} for part in ("name", "summary"))
    return Covering(purpose.slug, purpose.basis, name, summary)


def _data(slugs: set[str]) -> dict[str, DataRead]:
    """Those that were retired since, too: the entry said that it read them."""
    if not slugs:
        return {}
    rows = Dataset.objects.filter(slug__in=slugs).select_related("register")
    return {row.slug: DataRead(row.slug, row.register.slug, _named(row), _named(row.register)) for row in rows}


def _named(row: object) -> dict[str, str]:
    return {one: getattr(row, f"name_{one}") or "" for one in LANGUAGES}


@dataclass(frozen=True)
class Named:
    """An algorithm as a purpose names it: its slug, its name by language, its state in words, and who decides."""

    slug: str
    name: Mapping[str, str]
    state: str
    deciding: str


def named_by(purposes: Iterable[UUID]) -> dict[UUID, list[Named]]:
    """The published entries that each of these purposes names, by slug, in one statement."""
    rows = _published().filter(algorithm__namings__purpose__in=purposes).order_by("algorithm__slug")
    found: dict[UUID, list[Named]] = {}
    for row in rows.annotate(purpose_id=F("algorithm__namings__purpose")):
        name = {one: row.parts[one]["name"] for one in LANGUAGES}
        named = Named(row.algorithm.slug, name, row.algorithm.get_state_display(), row.facts["deciding"])
        found.setdefault(row.purpose_id, []).append(named)
    return found
