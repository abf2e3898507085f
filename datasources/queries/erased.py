"""Whose copies are kept away, and of what; and what of a person could be erased where."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from datasources.enums import Connection, ConnectorKind
from datasources.models import NotCopied, Register, Sheet, Source
from datasources.queries.brought import brought_datasets


@dataclass(frozen=True)
class RegisterHeld:
    """A connected register: its notice, its datasets, how many of them have a copy of the person, its systems."""

    slug: str
    name: str
    department: str
    department_name: str
    basis: str
    law: str
    retention: str
    datasets: tuple[str, ...]
    copies: int
    sources: tuple[Source, ...]


def kept_away(person: UUID) -> tuple[bool, frozenset[str]]:
    """(Nothing at all of the person is copied, slugs of datasets that are not); within their scope, one query."""
    found = NotCopied.objects.filter(person_id=person).values_list("dataset__slug", flat=True)
    slugs = set(found)
    return None in slugs, frozenset(slug for slug in slugs if slug)


def erased_people(dataset: UUID, among: Collection[UUID] | None) -> set[UUID]:
    """Of whom no copy of this dataset is made; `among` these, or everyone (None). Worker's scope."""
    marks = NotCopied.objects.filter(Q(dataset=None) | Q(dataset_id=dataset))
    marks = marks if among is None else marks.filter(person_id__in=among)
    return set(marks.values_list("person_id", flat=True))


def has_left(person: UUID) -> bool:
    """They left the portal and have not been here since."""
    return NotCopied.objects.filter(person_id=person, until_sign_in=True).exists()


def of_whom_none_is_made() -> Q:
    """Condition on sheets that should not be there: a reading that began before an erasure may write one after it."""
    of_it = Q(dataset=None) | Q(dataset=OuterRef("dataset"))
    marks = NotCopied.objects.filter(of_it, person_id=OuterRef("person_id"))
    return Q(Exists(marks))


def registers_with_copies(person: UUID) -> tuple[RegisterHeld, ...]:
    """Every register that is connected, in the catalogue's order; four queries, within a scope of the person.

    Not what they bring themselves: they remove that where they bring it, and with everything.
    """
    shown = Register.objects.filter(connection=Connection.CONNECTED, retired_at=None, department__retired_at=None)
    rows = shown.select_related("department").prefetch_related("datasets")
    held = set(Sheet.objects.filter(person_id=person).values_list("dataset_id", flat=True))
    sources = list(Source.objects.filter(switched_on=True).order_by("slug"))
    found = []
    for row in rows.order_by("department__position", "department__slug", "position", "slug"):
        datasets = [each for each in row.datasets.all() if each.retired_at is None]
        if datasets and brought_datasets().issuperset(each.slug for each in datasets):
            continue
        found.append(
            RegisterHeld(
                slug=row.slug,
                name=row.name,
                department=row.department.slug,
                department_name=row.department.everyday_name,
                basis=row.basis,
                law=row.law,
                retention=row.retention,
                datasets=tuple(each.slug for each in datasets),
                copies=sum(each.pk in held for each in datasets),
                sources=tuple(each for each in sources if each.department_id == row.department_id),
            )
        )
    return tuple(found)


def erasing_source(sources: Iterable[Source], datasets: Collection[str], together: Collection[str]) -> str:
    """The system that erases just these when `together` is erased; empty where a person has to."""
    return next((each.slug for each in sources if _erases(each, datasets, together)), "")


def _erases(source: Source, datasets: Collection[str], together: Collection[str]) -> bool:
    """By its settings alone: what the connector says when it is opened comes on top."""
    if not datasets or not set(datasets) <= source.mapping.keys():
        return False
    told, whole = source.settings, source.mapping.keys() <= set(together)
    match source.kind:
        case ConnectorKind.SQL:
            return set(datasets) <= _declared(told.get("erasing"))
        case ConnectorKind.GDPR_API:
            return bool(told.get("erases")) and whole
        case ConnectorKind.REST:
            return bool(told.get("erase_path")) and whole
    return False


def _declared(erasing: object) -> set[str]:
    try:
        found = json.loads(erasing) if isinstance(erasing, str) and erasing else {}
    except ValueError:
        return set()
    return set(found) if isinstance(found, dict) else set()
