"""Jobs: written with the change that asks for them, rung after commit, done once.

Celery on Redis may lose a message in four known ways and deliver one twice; the row here is what counts. The bell rings
each waiting job; a worker claims it by a lease that it keeps renewing; a job whose worker died is rung again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from celery import current_app
from django.db.models import F, Q

from portal.jobs.models import Job

LEASE = timedelta(seconds=20)
RING_AGAIN = timedelta(seconds=60)
LONGEST_ERROR = 200
ATTEMPTS = 3

Argument = str | int | bool | UUID | None


class NoSuchTask(Exception):
    """A job was asked for by a name that no task carries."""


class Claim(Enum):
    """What a worker that was rung may do."""

    MINE = "mine"
    TAKEN = "taken"
    NO_JOB = "no job"


@dataclass(frozen=True)
class Ringing:
    """What the bell sends: never more than ids and slugs."""

    id: UUID
    name: str
    queue: str
    arguments: dict[str, str | int | bool | None]


def after_commit(name: str, *, due_at: datetime, **arguments: Argument) -> UUID:
    """Ask for the task `name` at `due_at`, once this commits. Arguments: ids, slugs, numbers; never personal data."""
    task: Any = current_app.tasks.get(name)
    if task is None:
        raise NoSuchTask(f"No task is named {name}.")
    told = {key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()}
    job = Job(name=name, queue=task.job_queue, arguments=told, due_at=due_at)
    job.save(force_insert=True)
    return job.id


def is_waiting(name: str, **arguments: Argument) -> bool:
    """The same work was asked for already and has not begun; within the worker's scope."""
    told = {key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()}
    todo = Job.objects.filter(name=name, arguments=told, done_at=None, quarantined_at=None)
    return todo.filter(leased_until_at=None).exists()


def unfinished(queue: str, *, at: datetime) -> int:
    """How many jobs of a queue are due: waiting here, in the broker, or in flight; within the worker's scope."""
    return Job.objects.filter(queue=queue, due_at__lte=at, done_at=None, quarantined_at=None).count()


def waiting(*, at: datetime, limit: int = 200) -> list[Ringing]:
    """Jobs to ring now, locked for this transaction: never rung, or rung a minute ago and held by no one.

    Those never rung come first: behind thousands that wait in the broker, a new one would not be rung before they end.
    """
    unheld = Q(leased_until_at=None) | Q(leased_until_at__lt=at)
    unheard = Q(rung_at=None) | (Q(rung_at__lt=at - RING_AGAIN) & unheld) | Q(leased_until_at__lt=at)
    rows = (
        Job.objects.filter(unheard, done_at=None, quarantined_at=None, due_at__lte=at)
        .order_by(F("rung_at").asc(nulls_first=True), "due_at")
        .select_for_update(skip_locked=True)[:limit]
    )
    return [Ringing(row.id, row.name, row.queue, row.arguments) for row in rows]


def mark_rung(jobs: list[Ringing], *, at: datetime) -> None:
    """These were handed to the broker."""
    Job.objects.filter(id__in=[job.id for job in jobs]).update(rung_at=at, leased_until_at=None)


def claim(job: UUID, *, at: datetime) -> Claim:
    """Take the job if nobody holds it. A third loss in a row puts it aside for a person to look at."""
    free = Q(leased_until_at=None) | Q(leased_until_at__lt=at)
    todo = Job.objects.filter(free, id=job, done_at=None, quarantined_at=None)
    if todo.filter(attempts__gte=ATTEMPTS).update(
        quarantined_at=at, error="Lost by its workers.", leased_until_at=None
    ):
        return Claim.TAKEN
    if todo.update(leased_until_at=at + LEASE, attempts=F("attempts") + 1):
        return Claim.MINE
    return Claim.TAKEN if Job.objects.filter(id=job).exists() else Claim.NO_JOB


def renew(job: UUID, *, at: datetime) -> None:
    """The worker is still at it."""
    Job.objects.filter(id=job, done_at=None).update(leased_until_at=at + LEASE)


def finish(job: UUID, *, at: datetime) -> None:
    """Done, once."""
    Job.objects.filter(id=job).update(done_at=at, leased_until_at=None, error="")


def fail(job: UUID, *, at: datetime, error: str) -> None:
    """Not done: again after 2, then 8 seconds, then put aside. `error` names the fault, never its data."""
    row = Job.objects.get(id=job)
    row.error, row.leased_until_at, row.rung_at = error[:LONGEST_ERROR], None, None
    if row.attempts >= ATTEMPTS:
        row.quarantined_at = at
    else:
        row.due_at = at + timedelta(seconds=2 * 4 ** (row.attempts - 1))
    row.save(update_fields=["error", "leased_until_at", "rung_at", "quarantined_at", "due_at"])
