"""I looked, in my own system: uses that a department tells of, each in the log of the person it is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consents.errors import NoSuchPurpose
from consents.kinds import ConsentEntry
from consents.models import PurposeDataset, ReportHeard
from consents.queries.programs import programs_named, stopped
from consents.rules.programs import BY_PROGRAM, Outcome, Program, Unfit, counted, fitting
from datasources.models import Register
from portal.ledger.actions import record_each
from portal.ledger.actor import Actor
from portal.ledger.entries import Facts, Json, Told
from portal.people.subjects import Named, keep_subjects, persons_named

# Whoever tells of look after look changes the row once in so long, and nobody waits for it.
_HEARD_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Use:
    """One look, as the department tells it; with an `algorithm`, what came of it.

    `unit` and `role` say who, never by name; both stand sealed in the log.
    """

    who: Named
    used_at: datetime
    unit: str
    role: str
    purpose: str
    datasets: Sequence[str]
    case: str
    reference: str
    algorithm: str = ""
    outcome: Outcome | None = None


class NotOfThisPurpose(Exception):
    """A use tells of data that its purpose does not use; `number` counts from 0."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Stopped(Exception):
    """People have objected to the algorithms that these uses tell of; `numbers` count from 0."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__()
        self.numbers = numbers


class NoSuchRegisterAt(Exception):
    """The department has no register of the name that stands at `number`, counted from 0."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class NoSuchPurposeAt(NoSuchPurpose):
    """The department has no purpose of the name that use `number` tells."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def report_uses(uses: Sequence[Use], *, by: Actor, at: datetime) -> None:
    """All or none, within the API's scope for these lookups. Who is not known here is passed over, and not told of.

    NoSuchPurposeAt, NotOfThisPurpose; Unfit for an algorithm that may not, Stopped where somebody has objected to it.
    """
    registers = _see_that_they_fit(uses, department=by.unit)
    programs = _programs(uses)
    found = _found(uses, department=by.unit)
    if numbers := _objected(uses, found):
        raise Stopped(numbers)
    told = [(found[use.who.lookup], use) for use in uses if use.who.lookup in found]
    record_each([_entry(person, use, programs, department=by.unit) for person, use in told], by=by)
    _hear(registers, at=at)


def note_stopped(uses: Sequence[Use], numbers: Sequence[int], *, by: Actor, at: datetime) -> None:
    """That uses by algorithms were refused, because the person has objected: each sees it. Within the API's scope."""
    found = _found(uses, department=by.unit)
    refused = [uses[number] for number in numbers]
    record_each([_refusal(found[use.who.lookup], use, department=by.unit, at=at) for use in refused], by=by)


def _found(uses: Sequence[Use], *, department: str) -> dict[bytes, UUID]:
    """{lookup: person} of those that are known here."""
    named = [use.who for use in uses]
    found = persons_named(department, named)()
    keep_subjects(department, named, found)
    return found


def _programs(uses: Sequence[Use]) -> dict[str, Program]:
    """The algorithms that are told of; Unfit for the first that may not be."""
    programs = programs_named(use.algorithm for use in uses)()
    for number, use in enumerate(uses):
        if use.algorithm:
            decided = use.outcome is not None and use.outcome.decided_by == BY_PROGRAM
            try:
                fitting(programs, use.algorithm, use.purpose, used_at=use.used_at, decided=decided)
            except Unfit as fault:
                raise Unfit(fault.why, number) from None
    return programs


def _objected(uses: Sequence[Use], found: Mapping[bytes, UUID]) -> list[int]:
    """Which uses came after the person had objected to the algorithm; what came before is told of afterwards, too."""
    since = stopped(set(found.values()), {use.algorithm for use in uses if use.algorithm})
    return [
        number
        for number, use in enumerate(uses)
        if (person := found.get(use.who.lookup))
        and (stopped_at := since.get((person, use.algorithm)))
        and use.used_at >= stopped_at
    ]


def report_nothing(registers: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Nobody has looked into these registers since they told last: they are not silent. NoSuchRegisterAt."""
    own = dict(Register.objects.filter(department__slug=by.unit, retired_at=None).values_list("slug", "id"))
    for number, slug in enumerate(registers):
        if slug not in own:
            raise NoSuchRegisterAt(number)
    _hear({own[slug] for slug in registers}, at=at)


def _hear(registers: Collection[UUID], *, at: datetime) -> None:
    """Also where nobody of those told about is known here: the register did tell."""
    held = ReportHeard.objects.filter(register__in=registers)
    held.filter(last_at__lt=at - _HEARD_EVERY).update(last_at=at)
    rows = [ReportHeard(register_id=register, last_at=at) for register in registers]
    ReportHeard.objects.bulk_create(rows, ignore_conflicts=True)


def _see_that_they_fit(uses: Sequence[Use], *, department: str) -> set[UUID]:
    """The department's own registers that hold what was looked at."""
    covered: dict[str, set[str]] = {}
    own: dict[str, UUID] = {}
    rows = PurposeDataset.objects.filter(purpose__department__slug=department)
    columns = ("purpose__slug", "dataset__slug", "dataset__register_id", "dataset__register__department__slug")
    for purpose, dataset, register, keeper in rows.values_list(*columns):
        covered.setdefault(purpose, set()).add(dataset)
        if keeper == department:
            own[dataset] = register
    for number, use in enumerate(uses):
        if use.purpose not in covered:
            raise NoSuchPurposeAt(number)
        if not covered[use.purpose].issuperset(use.datasets):
            raise NotOfThisPurpose(number)
    return {own[dataset] for use in uses for dataset in use.datasets if dataset in own}


def _entry(person: UUID, use: Use, programs: Mapping[str, Program], *, department: str) -> Told:
    kind = ConsentEntry.ALGORITHM_USED if use.algorithm else ConsentEntry.USE_REPORTED
    details = _details(use) | ({"outcome": use.outcome.told()} if use.outcome else {})
    counts = counted(programs.get(use.algorithm))
    facts = Facts(person, department, use.purpose, use.datasets, counts=counts)
    return Told(kind.value, use.used_at, facts, details)


def _refusal(person: UUID, use: Use, *, department: str, at: datetime) -> Told:
    facts = Facts(person, department, use.purpose, use.datasets, counts={"algorithm": use.algorithm})
    return Told(ConsentEntry.ALGORITHM_REFUSED.value, at, facts, _details(use))


def _details(use: Use) -> dict[str, Json]:
    return {"unit": use.unit, "role": use.role, "case": use.case, "reference": use.reference}
