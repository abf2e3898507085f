"""`manage.py bell`: rings each waiting job through Celery, as soon as its transaction has committed."""

import signal
import threading
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from portal.jobs.outbox import mark_rung, waiting
from portal.walls import Role, scope

LISTEN_SECONDS = 1.0
BROKER_PAUSE = 1.0


def ring() -> int:
    """Hand every waiting job to the broker; how many. A broker that is away leaves them waiting."""
    with scope(Role.WORKER):
        jobs = waiting(at=timezone.now())
        for job in jobs:
            current_app.send_task(
                job.name,
                kwargs=job.arguments,
                task_id=str(job.id),
                queue=job.queue,
                retry=False,
                ignore_result=True,
            )
        mark_rung(jobs, at=timezone.now())
    return len(jobs)


class Command(BaseCommand):
    """Web processes never speak to Redis: this one process does, and may be doubled."""

    help = "Ring the jobs of the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen, ring, and look again every second, until told to stop."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self._listen(stop)
            except OperationalError as lost:
                self.stderr.write(f"The database is away ({lost.__class__.__name__}); trying again.")
                connection.close()
                stop.wait(BROKER_PAUSE)

    def _listen(self, stop: threading.Event) -> None:
        connection.ensure_connection()
        connection.connection.execute("LISTEN jobs")
        while not stop.is_set():
            try:
                if ring():
                    continue
            except BrokerAway:
                self.stderr.write("Redis is away; the jobs wait.")
                stop.wait(BROKER_PAUSE)
                continue
            for _ in connection.connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                pass
