"""Staff write down what a case is expected to bring, before it is tried out, and later what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from consents.usecases.enums import CaseState, CostKind, Counted
from consents.usecases.errors import NoReason, NotKeptYet, NotThere
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Cost, Expectation, Statement
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json


@dataclass(frozen=True)
class Thought:
    """What one use is thought to save. `numbers`: {column: number} of `Expectation`; `reason`: {language: text}."""

    counted: Counted
    numbers: Mapping[str, object]
    reason: Mapping[str, str]
    made_up: bool = False


def expect(case: Case, thought: Thought, *, by: Actor, at: datetime) -> Expectation:
    """A new version, within the staff's scope; no version is changed. NotThere, NotKeptYet, NoReason.

    What says the same as the newest is the second press of one form: it is that version.
    """
    # Locked: two versions of one number cannot be, and no trial begins meanwhile.
    held = Case.objects.select_for_update(of=("self",)).select_related("department")
    row = held.filter(pk=case.pk, removed_at=None).first()
    if row is None:
        raise NotThere
    if row.department is None or row.language:
        raise NotKeptYet
    tried = Statement.objects.filter(case=row, state=CaseState.PILOTED, said_at__lte=at).exists()
    if tried and not thought.reason:
        raise NoReason
    newest = Expectation.objects.filter(case=row).order_by("-version").first()
    if newest is not None and _says(newest, thought):
        return newest
    made = Expectation.objects.create(
        case=row,
        version=newest.version + 1 if newest else 1,
        counted=thought.counted,
        **thought.numbers,
        after_trial=tried,
        reason=dict(thought.reason),
        made_up=thought.made_up,
        made_at=at,
    )
    Case.objects.filter(pk=row.pk).update(kept_here=True, changed_at=at)
    told = {"version": made.version}
    record(UseCaseEntry.EXPECTED, by=by, at=at, department=row.department.slug, reference=row.slug, counts=told)
    return made


def _says(held: Expectation, thought: Thought) -> bool:
    told = {**thought.numbers, "counted": thought.counted, "reason": dict(thought.reason), "made_up": thought.made_up}
    return all(getattr(held, name) == value for name, value in told.items())


@dataclass(frozen=True)
class Spending:
    """`month`: its first day. `euro`: all that the month cost of this kind, in place of what was entered before."""

    month: date
    kind: CostKind
    euro: int
    reason: str
    made_up: bool = False


def enter_cost(case: Case, spending: Spending, *, by: Actor, at: datetime) -> Cost:
    """Within the staff's scope; what was entered before stays to be read, and holds no more. NotKeptYet.

    What says the same as the newest of its month and kind is that one: the second press of one form.
    """
    # Locked: two presses at once are one.
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.department is None:
        raise NotKeptYet
    same_month = Cost.objects.filter(case=case, month=spending.month, kind=spending.kind)
    newest = same_month.order_by("-entered_at", "-pk").first()
    if newest is not None and (newest.euro, newest.reason) == (spending.euro, spending.reason):
        return newest
    cost = Cost.objects.create(
        id=uuid4(),
        case=case,
        month=spending.month,
        kind=spending.kind,
        euro=spending.euro,
        reason=spending.reason,
        made_up=spending.made_up,
        entered_at=at,
    )
    told: dict[str, Json] = {"month": spending.month.isoformat(), "kind": spending.kind.value, "euro": spending.euro}
    record(UseCaseEntry.COST_ENTERED, by=by, at=at, department=case.department.slug, reference=case.slug, counts=told)
    return cost
