"""Data that a purpose needs and no register holds any more: there is nothing to allow, and nobody is asked for it."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from consents.models import PurposeDataset
from datasources.models import Field

_RETIRED = Field.objects.filter(dataset=OuterRef("dataset"), retired_at__isnull=False).values("slug")
_GONE = Q(dataset__retired_at__isnull=False, needed__len__gt=0) | Q(needed__overlap=ArraySubquery(_RETIRED))


def living_data(purpose: UUID) -> list[tuple[str, list[str], list[str]]]:
    """[(dataset, needed, optional)] of what it uses; of what may be left out, only what the catalogue still has."""
    rows = PurposeDataset.objects.filter(purpose=purpose, dataset__retired_at=None)
    told = rows.annotate(gone=ArraySubquery(_RETIRED)).values_list("dataset__slug", "needed", "optional", "gone")
    return [(slug, needed, [name for name in optional if name not in gone]) for slug, needed, optional, gone in told]


def needs_what_is_gone(purpose: str) -> Exists:
    """A condition on rows whose column `purpose` is a purpose's id; what may be left out does not count."""
    return Exists(PurposeDataset.objects.filter(_GONE, purpose=OuterRef(purpose)))


def is_asked_for_what_is_gone(purpose: UUID) -> bool:
    """The same of one purpose."""
    return PurposeDataset.objects.filter(_GONE, purpose=purpose).exists()
