"""A worker that is killed while it fetches: nothing is half done, and the next goes on where it was."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from datasources.transfers.arriving.checking import SILENT, check_arrival
from datasources.transfers.arriving.straight import LEASE
from datasources.transfers.models import Arrival
from portal.jobs.models import Job
from portal.jobs.outbox import claim
from portal.walls import Role, scope
from tests.arriving.bringing_packages import WORKER, check_all, items, newest
from tests.arriving.old_city import OldCity, back, begin, fetch, old_city
from tests.residents import Resident, enter

_WORKER = """
import sys, django
django.setup()
from datasources.transfers.tasks import fetch_arrival
fetch_arrival(arrival_id=sys.argv[1])
"""


@pytest.fixture
def there(loaded_city: None, committed_db: str, settings: LazySettings, tmp_path: Path) -> Iterator[type[OldCity]]:
    with old_city(settings, tmp_path) as handler:
        yield handler


def killed_while_it_fetches(one: Resident, there: type[OldCity], folder: Path) -> None:
    """By the job that its coming back rang."""
    with scope(Role.WORKER):
        claim(Job.objects.get(name="transfers.fetch_arrival").pk, at=timezone.now())
    told = {"TRUSTED_CITIES_FILE": str(folder / "trusted.toml"), "WATCH_SPOOL": str(folder / "spool")}
    argv = [sys.executable, "-c", _WORKER, str(newest(one.person).pk)]
    worker = subprocess.Popen(argv, env=os.environ | told, cwd=Path(__file__).parents[2])
    assert there.stalled.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    there.stalls = ""
    there.goes_on.set()


@pytest.mark.parametrize("moment", ["token", "package"])
def test_killed_half_way_it_leaves_nothing_and_another_goes_on(
    moment: str, there: type[OldCity], tmp_path: Path, folder: Path
) -> None:
    raili = enter("raili")
    back(raili, begin(raili))
    there.stalls = moment
    killed_while_it_fetches(raili, there, tmp_path)
    assert items(raili.person) == []
    # Its job is rung again, and nobody knows yet that it is dead: whoever is rung asks to be rung later, once.
    row = fetch(raili)
    assert (row.state, fetch(raili).beat_at) == ("fetching", row.beat_at)
    with scope(Role.WORKER):
        _, later = Job.objects.filter(name="transfers.fetch_arrival").order_by("due_at")
        assert later.due_at == row.beat_at
    assert fetch(raili, after=LEASE + timedelta(seconds=1)).state == "waiting"
    assert (check_all(raili.person).state, len(items(raili.person))) == ("ready", 2)
    assert list(folder.iterdir()) == []
    # The code was shown by one call, however often that had to be made.
    first, *others = there.asked
    assert others == ([first] if moment == "token" else [])


def test_who_is_rung_while_another_checks_is_rung_later(there: type[OldCity]) -> None:
    raili = enter("raili")
    back(raili, begin(raili))
    row, now = fetch(raili), timezone.now()
    with scope(Role.WORKER):
        # Whoever began was killed at once: all is as it was, but for the note that somebody is at it.
        Arrival.objects.filter(pk=row.pk).update(state="checking", beat_at=now)
        claim(Job.objects.get(name="transfers.check_arrival").pk, at=now)
    for _ in range(2):
        check_arrival(row.pk, by=WORKER, at=now, now=timezone.now)
    with scope(Role.WORKER):
        _, later = Job.objects.filter(name="transfers.check_arrival").order_by("due_at")
        assert (Arrival.objects.get(pk=row.pk).state, later.due_at) == ("checking", now + SILENT)
    check_arrival(row.pk, by=WORKER, at=later.due_at, now=timezone.now)
    assert (newest(raili.person).state, len(items(raili.person))) == ("ready", 2)
