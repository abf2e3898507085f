"""The clock that rings at night: a real beat, a real worker, and what they leave behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from demo.departments.running import departments
from demo.processes import start, stop
from demo.servers import APP
from tests.portal_server import ROOT, at_work
from tests.servers import another_redis, drop_database, fresh_name, make_database, server

# What an operator would do in the back office to have the night's work at once.
SOON = """
WITH every AS (
    INSERT INTO django_celery_beat_intervalschedule (every, period) VALUES (1, 'hours') RETURNING id
)
INSERT INTO django_celery_beat_periodictask
    (name, task, interval_id, args, kwargs, enabled, one_off, headers, description, total_run_count, date_changed,
    last_run_at)
SELECT 'now', 'datasources.nightly', id, '[]', '{}', true, true, '{}', '', 0, now(), now() - interval '1 day' FROM every
"""
PULLS = """
SELECT s.slug FROM datasources_pull p JOIN datasources_source s ON s.id = p.source_id
WHERE p.kind = 'nightly' AND p.state = 'done' ORDER BY 1
"""
SCHEDULE = """
SELECT t.name, c.hour, c.minute, c.timezone::text
FROM django_celery_beat_periodictask t JOIN django_celery_beat_crontabschedule c ON c.id = t.crontab_id
WHERE t.task = 'datasources.nightly'
"""


@dataclass(frozen=True)
class Night:
    """A city at work, without pages: nobody is awake."""

    database: str
    environment: dict[str, str]
    log: Path


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    outside, database, log, reach = fresh_name(), fresh_name(), tmp_path / "log", tmp_path / "sources.json"
    socket = server().socket_folder / ".s.PGSQL.5432"
    make_database(database, described=True)
    environment = {**os.environ, "DATABASE_URL": server().url(database, APP), "REDIS_URL": another_redis()}
    with departments(tmp_path, server().url(), socket, database=outside) as systems, log.open("wb") as output:
        reach.write_text(json.dumps(systems.sources))
        with at_work(environment, output, tmp_path, sources=reach):
            yield Night(database, environment, log)
    for name in (outside, database):
        drop_database(name)


@pytest.fixture
def beat(night: Night) -> Iterator[subprocess.Popen[bytes]]:
    with psycopg.connect(server().url(night.database)) as superuser:
        superuser.execute(SOON)
    argv = [sys.executable, "-m", "celery", "-A", "portal", "beat", "--loglevel", "ERROR", "--max-interval", "1"]
    with night.log.open("ab") as output:
        process = start(argv, environment=night.environment, folder=ROOT, output=output)
        yield process
        stop(process, first=signal.SIGKILL)


def test_beat_has_every_connected_source_read(night: Night, beat: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    done: list[str] = []
    with psycopg.connect(server().url(night.database), autocommit=True) as superuser:
        while len(done) < 3 and beat.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
            done = [slug for (slug,) in superuser.execute(PULLS)]
        schedule = superuser.execute(SCHEDULE).fetchall()
    assert done == ["early-education", "library", "sports"], night.log.read_text()[-2000:]
    assert schedule == [("nightly pulls", "2", "10", "Europe/Helsinki")]
