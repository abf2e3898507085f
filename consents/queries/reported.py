"""What registers tell of their look-ups, and what for: for the page that shows who used a person's data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.fields.json import KeyTextTransform

from consents.models import Purpose, PurposeText
from datasources.enums import Connection
from datasources.models import Register


def registers_that_may_tell() -> list[tuple[Register, datetime | None]]:
    """(connected register with its department, when it last told of a look), in order; one statement."""
    shown = Register.objects.filter(retired_at=None, department__retired_at=None, connection=Connection.CONNECTED)
    rows = shown.select_related("department").annotate(told_at=F("report_heard__last_at"))
    ordered = rows.order_by("department__position", "department__slug", "position", "slug")
    return [(row, row.told_at) for row in ordered]


def purpose_names(slugs: Iterable[str], language: str) -> dict[str, str]:
    """{purpose: what it is called}, closed ones too, as last published; no statement where there is none."""
    wanted = {slug for slug in slugs if slug}
    if not wanted:
        return {}
    texts = PurposeText.objects.filter(purpose__slug__in=wanted, published_at__isnull=False)
    newest = texts.order_by("purpose_id", "-version").distinct("purpose_id")
    return dict(newest.values_list("purpose__slug", KeyTextTransform("name", KeyTextTransform(language, "parts"))))


@dataclass(frozen=True)
class Ground:
    """On which basis a purpose stands (GDPR 6(1)), in words."""

    basis: str
    rests_on_permission: bool


def ground_of(slug: str) -> Ground | None:
    """Of a purpose by its slug."""
    purpose = Purpose.objects.filter(slug=slug).only("basis").first()
    if purpose is None:
        return None
    return Ground(str(purpose.get_basis_display()), purpose.basis == "a")
