"""What an erasure would do, register by register, and what the law holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from datasources.queries.erased import RegisterHeld, erasing_source, registers_with_copies
from portal.requests.erasing.enums import Can
from portal.requests.erasing.models import LegalHold, Plan
from portal.requests.erasing.rules import UNCONFIRMED_FOR, Hold, can_at_source


@dataclass(frozen=True)
class Outlook:
    """One register: `copies` how many of our copies go, `source` the system that erases its part, if one does."""

    slug: str
    name: str
    department: str
    department_name: str
    basis: str
    law: str
    retention: str
    datasets: tuple[str, ...]
    copies: int
    can: Can
    source: str
    holds: tuple[Hold, ...]

    @property
    def held(self) -> bool:
        """Neither here nor there is anything erased."""
        return bool(self.holds)


def holds_in_force(*, at: datetime) -> QuerySet[LegalHold]:
    """Holds that hold at this moment."""
    confirmed = Q(confirmed_at__isnull=False) | Q(made_at__gt=at - UNCONFIRMED_FOR)
    return LegalHold.objects.filter(confirmed, ended_at=None, until_on__gte=localdate(at))


def outlook_of(person: UUID, *, registers: Collection[str] | None, at: datetime) -> tuple[Outlook, ...]:
    """What an erasure of these registers, or of all (None), would do, within a scope of the person; six queries."""
    of_person = Q(person_id=person) | Q(person_id=None)
    holds = list(holds_in_force(at=at).filter(of_person).order_by("until_on"))
    rows = registers_with_copies(person)
    wanted = [row for row in rows if registers is None or row.slug in registers]
    together = {slug for row in wanted for slug in row.datasets}
    return tuple(_outlook(row, holds, together) for row in wanted)


def _outlook(row: RegisterHeld, holds: Iterable[LegalHold], together: Collection[str]) -> Outlook:
    told = [Hold(each.law, each.until_on) for each in holds if each.person_id or each.register == row.slug]
    source = erasing_source(row.sources, row.datasets, together)
    can = can_at_source(row.basis, system_erases=bool(source), holds=told)
    return Outlook(
        slug=row.slug,
        name=row.name,
        department=row.department,
        department_name=row.department_name,
        basis=row.basis,
        law=row.law,
        retention=row.retention,
        datasets=row.datasets,
        copies=row.copies,
        can=can,
        source=source if can is Can.GOES else "",
        holds=tuple(told),
    )


def outlook_of_plan(plan: Plan, *, at: datetime) -> tuple[Outlook, ...]:
    """The same of a plan."""
    return outlook_of(plan.person_id, registers=None if plan.everything else plan.registers, at=at)


def by_source(outlooks: Iterable[Outlook]) -> dict[str, list[Outlook]]:
    """{source: the registers that it erases}, by name."""
    found: dict[str, list[Outlook]] = {}
    for each in outlooks:
        if each.source:
            found.setdefault(each.source, []).append(each)
    return dict(sorted(found.items()))


def plans_of(person: UUID, *, by: str) -> QuerySet[Plan]:
    """What somebody, by their pseudonymous id, chose of a person's data, the newest first."""
    return Plan.objects.filter(person_id=person, chosen_by=by).order_by("-chosen_at")
