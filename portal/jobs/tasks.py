"""What a task is here: a doorbell that claims its job, does it, and says so."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.db import connection, transaction
from django.utils import timezone

from portal.jobs.outbox import LEASE, Claim, claim, fail, finish, renew
from portal.walls import Role, scope


def _keep_claim(job: UUID, done: threading.Event) -> None:
    try:
        while not done.wait(LEASE.total_seconds() / 4):
            with scope(Role.WORKER):
                renew(job, at=timezone.now())
    finally:
        connection.close()


class JobTask(Task):  # type: ignore[type-arg]
    """Runs once per job however often it is delivered; without a job (from beat) it just runs."""

    abstract = True
    job_queue = "bulk"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Claim, run, finish; a failure is written on the job and rung again later."""
        job = UUID(self.request.id) if self.request.id else None
        if job is None or transaction.get_connection().in_atomic_block:
            return super().__call__(*args, **kwargs)
        with scope(Role.WORKER):
            claimed = claim(job, at=timezone.now())
        if claimed is Claim.TAKEN:
            return None
        if claimed is Claim.NO_JOB:
            return super().__call__(*args, **kwargs)
        return self._do(job, args, kwargs)

    def _do(self, job: UUID, args: Any, kwargs: Any) -> Any:
        done = threading.Event()
        keeper = threading.Thread(target=_keep_claim, args=(job, done), daemon=True)
        keeper.start()
        try:
            result = super().__call__(*args, **kwargs)
        except Exception as fault:
            with scope(Role.WORKER):
                fail(job, at=timezone.now(), error=type(fault).__name__)
            raise
        finally:
            done.set()
            keeper.join()
        with scope(Role.WORKER):
            finish(job, at=timezone.now())
        return result


def job(name: str, *, queue: str = "bulk") -> Callable[[Callable[..., None]], Any]:
    """Declare a task that `after_commit(name, ...)` rings. Queues: `bulk` (prefork), `interactive` (threads)."""

    def declare(function: Callable[..., None]) -> Any:
        return shared_task(name=name, base=JobTask, job_queue=queue)(function)

    return declare
