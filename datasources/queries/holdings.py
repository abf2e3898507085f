"""What the city holds about one person, and how fresh it is: three queries whatever the number of datasets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from datasources.enums import Connection, ConnectorKind
from datasources.models import Dataset, Register, Sheet, Source
from datasources.queries.brought import brought_datasets
from datasources.queries.freshness import AgedSheet, with_age
from portal.i18n.languages import language_now
from portal.walls import sent

_LANGUAGES = ("fi", "sv", "en")
_NAMES = """
SELECT 0, slug, everyday_name_fi, everyday_name_sv, everyday_name_en FROM datasources_department
UNION ALL SELECT 1, slug, name_fi, name_sv, name_en FROM datasources_dataset
"""


@dataclass(frozen=True)
class DatasetCard:
    """One kind of data; `row_count` is 0 and the times are None when nothing is held about the person."""

    slug: str
    name: str
    why: str
    record_name: str
    row_count: int
    pulled_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True)
class RegisterCard:
    """One register, with the texts of its notice."""

    register: Register
    datasets: tuple[DatasetCard, ...]

    @property
    def connection(self) -> str:
        """One of `Connection`."""
        return self.register.connection


@dataclass(frozen=True)
class SourceState:
    """How the department's system stands to this person: being asked, not answering, read by night."""

    live: bool
    asking: bool
    failed: bool
    last_success_at: datetime | None
    asked_at: datetime | None = None


@dataclass(frozen=True)
class DepartmentCard:
    """A department as the person sees it."""

    slug: str
    name: str
    everyday_name: str
    description: str
    registers: tuple[RegisterCard, ...]
    source: SourceState | None

    @property
    def connection(self) -> str:
        """`connected` when any register is; else `not_yet` when any is; else `not_ours`."""
        kinds = {card.connection for card in self.registers}
        return next((kind.value for kind in Connection if kind in kinds), Connection.NOT_YET.value)

    @property
    def held(self) -> tuple[DatasetCard, ...]:
        """The datasets in which something is held about the person."""
        return tuple(card for register in self.registers for card in register.datasets if card.row_count)

    @property
    def arriving(self) -> bool:
        """It is being asked about the person at this moment."""
        return self.source is not None and self.source.live and self.source.asking

    @property
    def row_count(self) -> int:
        """How many records in all."""
        return sum(card.row_count for card in self.held)

    @property
    def pulled_at(self) -> datetime | None:
        """How fresh: the oldest of what is shown, as none of it is fresher than that."""
        return min((card.pulled_at for card in self.held if card.pulled_at), default=None)


def departments_of(person: UUID) -> tuple[DepartmentCard, ...]:
    """Every department of the catalogue in its order, with what it holds on this person; within the person's scope."""
    held = with_age(Sheet.objects.filter(person_id=person).defer("body", "changes", "digest"))
    sheets = {sheet.dataset_id: sheet for sheet in held}
    states = _states(person)
    found: dict[UUID, dict[UUID, list[Dataset]]] = {}
    for dataset in _datasets():
        found.setdefault(dataset.register.department_id, {}).setdefault(dataset.register_id, []).append(dataset)
    cards = []
    for department_id, registers in found.items():
        department = next(iter(registers.values()))[0].register.department
        cards.append(
            DepartmentCard(
                slug=department.slug,
                name=department.name,
                everyday_name=department.everyday_name,
                description=department.description,
                registers=tuple(
                    RegisterCard(datasets[0].register, tuple(_card(each, sheets.get(each.pk)) for each in datasets))
                    for datasets in registers.values()
                ),
                source=states.get(department_id),
            )
        )
    return tuple(cards)


def _datasets() -> Iterable[Dataset]:
    shown = Dataset.objects.filter(retired_at=None, register__retired_at=None, register__department__retired_at=None)
    # What people brought themselves has a page of its own.
    shown = shown.exclude(slug__in=brought_datasets())
    return shown.select_related("register__department").order_by(
        "register__department__position", "register__department__slug", "register__position", "position"
    )


def _card(dataset: Dataset, sheet: AgedSheet | None) -> DatasetCard:
    return DatasetCard(
        slug=dataset.slug,
        name=dataset.name,
        why=dataset.why,
        record_name=dataset.record_name,
        row_count=sheet.row_count if sheet else 0,
        pulled_at=sheet.as_of if sheet else None,
        changed_at=sheet.changed_at if sheet else None,
    )


def _states(person: UUID) -> dict[UUID, SourceState]:
    states = {}
    # One asking at most of a source about a person: each source is one row.
    shown = Source.objects.filter(switched_on=True).only("department_id", "kind", "live", "failures", "last_success_at")
    shown = shown.annotate(
        mine=FilteredRelation("askings", condition=Q(askings__person_id=person)),
        asked_at=F("mine__asked_at"),
        answered_at=F("mine__answered_at"),
        error=F("mine__error"),
    )
    # A system that sends speaks for its department only where none is read.
    for source in sorted(shown, key=lambda source: ConnectorKind(source.kind).is_asked):
        states[source.department_id] = SourceState(
            live=source.live,
            asking=source.asked_at is not None and source.answered_at is None,
            failed=bool(source.error) if source.answered_at else source.failures > 0,
            last_success_at=source.last_success_at,
            asked_at=source.asked_at,
        )
    return states


def names_by_slug() -> tuple[dict[str, str], dict[str, str]]:
    """({department: everyday name}, {dataset: name}) in the language in force; one query."""
    names: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for kind, slug, *told in sent(_NAMES, [])():
        names[kind][slug] = told[_LANGUAGES.index(language_now())] or ""
    return names


def register_names() -> dict[str, str]:
    """{register: name} in the language in force."""
    return dict(Register.objects.order_by().values_list("slug", "name"))


def public_registers() -> list[Register]:
    """Every register the city describes, in order, with its department and datasets; three queries at most."""
    shown = Register.objects.filter(retired_at=None, department__retired_at=None).select_related("department")
    return list(
        shown.prefetch_related("datasets").order_by("department__position", "department__slug", "position", "slug")
    )


def public_register(slug: str) -> Register | None:
    """One register with its datasets and their fields."""
    shown = Register.objects.filter(slug=slug, retired_at=None).select_related("department")
    return shown.prefetch_related("datasets__fields").first()
