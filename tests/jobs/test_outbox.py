"""The outbox: asked for in a transaction, claimed by one, rung again when lost, put aside when poisonous."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid_utils.compat import uuid7

from portal.jobs.models import Job
from portal.jobs.outbox import (
    ATTEMPTS,
    LEASE,
    RING_AGAIN,
    Claim,
    NoSuchTask,
    after_commit,
    claim,
    fail,
    finish,
    mark_rung,
    waiting,
)
from portal.walls import Role, scope

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
TASK = "consents.expire_due"

pytestmark = pytest.mark.django_db


def ask() -> Job:
    return Job.objects.get(pk=after_commit(TASK, due_at=AT))


def test_a_name_that_no_task_carries_is_refused() -> None:
    with scope(Role.WORKER), pytest.raises(NoSuchTask):
        after_commit("no.such_task", due_at=AT)


def test_a_job_waits_until_it_is_due() -> None:
    with scope(Role.WORKER):
        job = ask()
        assert [each.id for each in waiting(at=AT - timedelta(seconds=1))] == []
        assert [each.id for each in waiting(at=AT)] == [job.pk]


def test_a_rung_job_is_not_rung_again_at_once_but_after_a_minute() -> None:
    with scope(Role.WORKER):
        ask()
        mark_rung(waiting(at=AT), at=AT)
        assert [len(waiting(at=AT + timedelta(seconds=later))) for later in (1, 59, 61)] == [0, 0, 1]


def test_a_new_job_is_rung_before_those_that_wait_in_the_broker() -> None:
    with scope(Role.WORKER):
        older = [ask().pk for _ in range(3)]
        mark_rung(waiting(at=AT), at=AT)
        later = AT + RING_AGAIN + timedelta(seconds=1)
        new = after_commit(TASK, due_at=later)
        assert [each.id for each in waiting(at=later, limit=2)] == [new, older[0]]


def test_what_is_to_be_rung_is_read_in_its_order() -> None:
    with scope(Role.WORKER), CaptureQueriesContext(connection) as read:
        waiting(at=AT)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {read[0]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
    assert ("job_to_ring" in plan, "Sort" in plan) == (True, False), plan


def test_of_two_workers_one_gets_the_job() -> None:
    with scope(Role.WORKER):
        job = ask()
        assert [claim(job.pk, at=AT), claim(job.pk, at=AT)] == [Claim.MINE, Claim.TAKEN]


def test_a_job_whose_worker_died_is_rung_and_claimed_again() -> None:
    with scope(Role.WORKER):
        job = ask()
        mark_rung(waiting(at=AT), at=AT)
        claim(job.pk, at=AT)
        late = AT + LEASE + timedelta(seconds=1)
        assert [each.id for each in waiting(at=late)] == [job.pk]
        assert claim(job.pk, at=late) is Claim.MINE


def test_a_done_job_is_done_once() -> None:
    with scope(Role.WORKER):
        job = ask()
        claim(job.pk, at=AT)
        finish(job.pk, at=AT)
        assert (claim(job.pk, at=AT), waiting(at=AT + timedelta(days=1))) == (Claim.TAKEN, [])


def test_after_three_failures_it_is_put_aside_with_the_faults_name() -> None:
    with scope(Role.WORKER):
        job, at = ask(), AT
        for _ in range(ATTEMPTS):
            assert claim(job.pk, at=at) is Claim.MINE
            fail(job.pk, at=at, error="ZeroDivisionError")
            at += timedelta(minutes=5)
        job.refresh_from_db()
        assert (job.error, job.quarantined_at is not None, waiting(at=at)) == ("ZeroDivisionError", True, [])


def test_what_is_no_job_is_just_run() -> None:
    with scope(Role.WORKER):
        assert claim(uuid7(), at=AT) is Claim.NO_JOB
