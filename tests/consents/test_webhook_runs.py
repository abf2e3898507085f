"""Runs as they are: side by side, killed on the way, and with Redis away."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from consents.models import Delivery, Webhook
from consents.webhooks import owing
from consents.webhooks.sending import LEASE, send_batch
from demo.processes import start, stop
from demo.servers import redis
from portal.walls import Role, scope
from tests.consents.hooked import WORKER, deliveries, fresh, hook, made, system_of
from tests.datasources.misbehaving import Desk
from tests.house.sources import ROOT

_RUN = """
import sys, django
django.setup()
from django.utils import timezone
from consents.webhooks.sending import send_batch
from portal.ledger.actor import system
send_batch(sys.argv[1], by=system("tests"), at=timezone.now())
"""


def pinged(webhook: Webhook, by: Any) -> None:
    with scope(Role.API, departments=["sports"]):
        owing.ping(webhook.pk, by=by, at=timezone.now())


def until(true: Callable[[], object], seconds: float = 30.0) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_an_address_that_hangs_holds_nobody_else_back(loaded_city: None, committed_db: str) -> None:
    sports, let_go = system_of(), threading.Event()
    with hook() as slow, hook() as quick:

        def wait(_: Desk) -> None:
            let_go.wait(20)

        slow.misbehave = wait
        hanging, other = made(slow.url, sports).webhook, made(quick.url, sports).webhook
        pinged(hanging, sports)
        pinged(other, sports)

        def hang() -> None:
            send_batch(hanging.pk, by=WORKER, at=timezone.now())
            connection.close()

        run = threading.Thread(target=hang)
        run.start()
        assert until(lambda: slow.seen)
        began = time.monotonic()
        send_batch(other.pk, by=WORKER, at=timezone.now())
        assert (len(quick.seen), run.is_alive(), time.monotonic() - began < 2) == (1, True, True)
        # A second run of the same webhook does not begin beside it.
        assert (send_batch(hanging.pk, by=WORKER, at=timezone.now()), len(slow.seen)) == (False, 1)
        let_go.set()
        run.join()


def test_what_a_killed_worker_had_in_hand_is_sent_by_the_next(loaded_city: None, committed_db: str) -> None:
    sports = system_of()
    with hook() as ear:
        ear.misbehave = lambda desk: time.sleep(5)  # noqa: ARG005
        webhook = made(ear.url, sports).webhook
        pinged(webhook, sports)
        worker = subprocess.Popen([sys.executable, "-c", _RUN, str(webhook.pk)], cwd=ROOT, env=os.environ)
        assert until(lambda: ear.seen)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        ear.misbehave = None
        send_batch(webhook.pk, by=WORKER, at=timezone.now())
        assert len(ear.seen) == 1

        def is_sent() -> bool:
            # Until PostgreSQL has seen that the other is dead, that run still counts as one beside this.
            send_batch(webhook.pk, by=WORKER, at=timezone.now() + LEASE)
            return deliveries(webhook)[0].delivered_at is not None

        assert until(is_sent)
        assert {request.headers["webhook-id"] for request in ear.seen} == {str(deliveries(webhook)[0].pk)}


_CELERY = [
    *(sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "webhooks", "--pool", "threads"),
    *("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
]


@pytest.mark.proof
def test_with_redis_away_the_backlog_waits_and_is_sent_when_it_is_back(
    loaded_city: None, committed_db: str, tmp_path: Path
) -> None:
    sports, let_go = system_of(), threading.Event()

    def wait(desk: Desk) -> None:
        let_go.wait(20)
        desk.say(204)

    with hook() as ear, redis(tmp_path / "redis") as broker, (tmp_path / "log").open("wb") as log:
        assert broker.kept
        webhook = made(ear.url, sports).webhook
        environment = {**os.environ, "REDIS_URL": broker.url}
        argvs = ([sys.executable, "manage.py", "bell"], _CELERY)
        processes = [start(argv, environment=environment, folder=ROOT, output=log) for argv in argvs]
        try:
            # A job is in hand when Redis dies: that has ended workers.
            ear.misbehave = wait
            pinged(webhook, sports)
            assert until(lambda: len(ear.seen) == 1, 60)
            broker.kept.process.kill()
            broker.kept.process.wait()
            time.sleep(1)
            ear.misbehave = None
            let_go.set()
            for _ in range(20):
                pinged(webhook, sports)
            time.sleep(3)
            assert len(ear.seen) == 1
            broker.kept.look_after()
            assert until(lambda: len({request.headers["webhook-id"] for request in ear.seen}) == 21, 100)
            assert [process.poll() for process in processes] == [None, None]
            assert until(lambda: all(row.delivered_at for row in deliveries(webhook)))
        finally:
            for process in processes:
                with suppress(OSError):
                    stop(process)
    assert fresh(webhook).failures == 0
    with scope(Role.WORKER):
        assert Delivery.objects.count() == 21
