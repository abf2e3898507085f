"""What an erasure asks of departments' systems: of which one what, and what it answers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from datasources.actions.reach import opened
from datasources.errors import Declined, MisSet, SourceFault
from datasources.models import Source
from datasources.protocol import Erases, Limits
from portal.people.actions import identity_code_of
from portal.people.models import Person
from portal.requests.erasing.models import Plan
from portal.requests.erasing.queries import Outlook, by_source, outlook_of_plan
from portal.requests.erasing.told import tell_of_source
from portal.walls import Role, scope

_LIMITS = Limits.within(20)
# Rows, None where the system tells none, or why not.
Answer = int | SourceFault | None


@dataclass(frozen=True)
class Job:
    """One source of one erasure."""

    source: Source
    registers: tuple[Outlook, ...]
    code: str
    reference: str

    @property
    def datasets(self) -> tuple[str, ...]:
        """All of these registers."""
        return tuple(slug for register in self.registers for slug in register.datasets)

    def __repr__(self) -> str:
        return f"Job({self.source.slug})"


def jobs_of(chosen: Plan, outlook: Collection[Outlook]) -> dict[str, Job]:
    """{source: what it is to do}, within the worker's scope."""
    found = by_source(outlook)
    if not found:
        return {}
    code = identity_code_of(Person.objects.get(pk=chosen.person_id))
    sources = Source.objects.filter(slug__in=found).select_related("department")
    return {each.slug: Job(each, tuple(found[each.slug]), code, str(chosen.pk)) for each in sources}


def answer_of(job: Job, verb: Callable[[Erases], int | None]) -> Answer:
    """What the system answers, outside of every transaction; its fault is an answer, too."""
    try:
        with opened(job.source, limits=_LIMITS) as system:
            if not isinstance(system, Erases) or not system.can_erase(job.datasets):
                return MisSet("The system cannot erase just this.")
            return verb(system)
    except SourceFault as fault:
        return fault


def told_of_answer(answer: Answer) -> dict[str, object]:
    """As a plan keeps it."""
    if isinstance(answer, Declined):
        return {"reasons": [[each.fi, each.sv, each.en] for each in answer.reasons]}
    if isinstance(answer, SourceFault):
        return {"fault": type(answer).__name__}
    return {"rows": answer}


def rehearse_plan(plan_id: UUID, *, at: datetime) -> None:
    """Ask each system what an erasure would do, and keep what it says on the plan. Nothing is changed there."""
    with scope(Role.WORKER):
        chosen = Plan.objects.filter(pk=plan_id, request=None).first()
        if chosen is None:
            return
        jobs = {} if chosen.leaving else jobs_of(chosen, outlook_of_plan(chosen, at=at))
    for job in jobs.values():
        answer = answer_of(job, lambda system, job=job: system.rehearse_erasure(job.datasets, job.code))  # type: ignore[misc]
        with scope(Role.WORKER):
            if chosen := Plan.objects.select_for_update().filter(pk=plan_id).first():
                tell_of_source(chosen, job.source.slug, told_of_answer(answer))
    with scope(Role.WORKER):
        Plan.objects.filter(pk=plan_id).update(rehearsed_at=at)
