"""Whose copies are kept away, and of what."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from datasources.models import NotCopied


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
