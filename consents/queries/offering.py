"""What a department's systems may ask for: its purposes as they are published, and the datasets that these use."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from consents.enums import TextState
from consents.models import PurposeDataset, PurposeText
from datasources.models import Dataset, Field

_IN_ORDER = PurposeDataset.objects.filter(dataset__retired_at=None).select_related("dataset").order_by("dataset__slug")
_SHOWN = Field.objects.filter(retired_at=None).order_by("position")


def purposes_of(department: str, *, among: Sequence[str] = ()) -> QuerySet[PurposeText]:
    """The published text of each purpose of this department that is not closed, by the purpose's slug.

    `among`: only of these slugs; none means all.
    """
    texts = PurposeText.objects.filter(
        state=TextState.PUBLISHED, purpose__closed_at=None, purpose__department__slug=department
    )
    texts = texts.filter(purpose__slug__in=among) if among else texts
    rows = texts.select_related("purpose").prefetch_related(Prefetch("purpose__datasets", _IN_ORDER))
    return rows.order_by("purpose__slug")


def datasets_for(department: str, *, among: Sequence[str] = ()) -> QuerySet[Dataset]:
    """The department's own datasets, and those that its purposes use; with their fields, by slug."""
    purposes = purposes_of(department, among=among).order_by().values("purpose")
    used = PurposeDataset.objects.filter(purpose__in=purposes).values("dataset")
    living = Dataset.objects.filter(retired_at=None)
    rows = living.filter(pk__in=used) | living.filter(register__department__slug=department)
    return rows.select_related("register__department").prefetch_related(Prefetch("fields", _SHOWN)).order_by("slug")
