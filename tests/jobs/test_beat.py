"""The clock that rings at night: a real beat, a real worker, and what they leave behind."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from demo.departments.running import departments
from demo.processes import start, stop
from tests.portal_server import ROOT, Running, running_portal
from tests.servers import drop_database, fresh_name, server

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


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database, folder = fresh_name(), tmp_path_factory.mktemp("night")
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder, server().url(), socket, database=database) as outside,
        running_portal(folder, sources=outside.sources, web_workers=1) as running,
    ):
        yield running
    drop_database(database)


@pytest.fixture
def beat(portal: Running) -> Iterator[subprocess.Popen[bytes]]:
    with psycopg.connect(server().url(portal.database)) as superuser:
        superuser.execute(SOON)
    argv = [sys.executable, "-m", "celery", "-A", "portal", "beat", "--loglevel", "ERROR", "--max-interval", "1"]
    with portal.log.open("ab") as output:
        process = start(argv, environment=portal.environment, folder=ROOT, output=output)
        yield process
        stop(process)


def test_beat_has_every_connected_source_read(portal: Running, beat: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    done: list[str] = []
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        while len(done) < 3 and beat.poll() is None and time.monotonic() < deadline:
            time.sleep(0.5)
            done = [slug for (slug,) in superuser.execute(PULLS)]
        schedule = superuser.execute(SCHEDULE).fetchall()
    assert done == ["early-education", "library", "sports"], portal.log.read_text()[-2000:]
    assert schedule == [("nightly pulls", "2", "10", "Europe/Helsinki")]
