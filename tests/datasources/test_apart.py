"""Rows that are put together here are read by a process of their own: the same holdings, and nothing left half-done."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import billiard
import psycopg
import pytest

from datasources.actions.pulls import pull_source
from datasources.connectors.apart import read_apart
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import CutOff, Drifted, MisSet
from datasources.models import Pull, PullKind, PullState, Sheet, Source
from datasources.protocol import Connector, Limits
from portal.outward.addresses import inward, let_inward
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source

ROOT = Path(__file__).resolve().parents[2]
CONTACTS = "early-education-contacts"
# 30 days of birth, 16 people of each, 50 rows a person: 24,000 rows, half of the people in each half.
_ROWS = """
SELECT n, lpad((1 + n % 30)::text, 2, '0') || '0150-' || 900 + n / 30 % 16 || 'A' AS code, repeat('x', 200) AS note
FROM generate_series(0, 23999) AS n
"""
_MINE = "INSERT INTO many VALUES (24000, %s, 'mine')"
# What only the second half meets, and only when it has handed on something.
_BROKEN = """
CREATE VIEW broken AS
SELECT n, code, note, 1 / (CASE WHEN code >= '30' AND n % 480 = 479 THEN 0 ELSE 1 END) AS one FROM many
"""


def _mapping(table: str, *columns: str) -> dict[str, Any]:
    shape = {"table": table, "key": f"{table}.code", "order": [f"{table}.n"]}
    return {CONTACTS: shape | {"columns": {name: f"{table}.{name}" for name in columns}}}


@pytest.fixture
def many(catalogue: None, city: City) -> Iterator[psycopg.Connection]:
    """The early education source holds many rows, one of them somebody's who is here, and hands on plain rows."""
    city.early_education.execute(f"CREATE TABLE many AS {_ROWS}".encode())
    city.early_education.execute(_MINE, [CODES["mikael"]])
    city.early_education.execute("GRANT SELECT ON many TO PUBLIC")
    arrive("mikael")
    _map("many", "n", "note")
    yield city.early_education
    city.early_education.execute("DROP TABLE many CASCADE")


def _map(table: str, *columns: str) -> None:
    with scope(Role.STAFF, departments=["*"]):
        early = Source.objects.get(slug="early-education")
        early.mapping, early.settings = _mapping(table, *columns), early.settings | {"plain_rows": True}
        early.save()


def _connector(**settings: object) -> SqlConnector:
    told = source("early-education")
    return SqlConnector(told.settings | settings, {}, told.mapping, Limits())


def _opener() -> Any:
    with closing(_connector()) as opened:
        return opened.elsewhere(CONTACTS)


def _pull(nights: int) -> Pull:
    at = NIGHT + timedelta(days=nights)
    return pull_source(source("early-education").pk, kind=PullKind.BY_HAND, by=BY, at=at)


def _held() -> list[tuple[bytes, int]]:
    with scope(Role.WORKER):
        return [(bytes(sheet.digest), sheet.row_count) for sheet in Sheet.objects.all()]


def _readers() -> list[int]:
    return [child.pid or 0 for child in multiprocessing.active_children() if child.name == "reader"]


@pytest.mark.usefixtures("many")
def test_another_process_tells_what_this_one_would() -> None:
    with closing(_connector()) as opened:
        here = [(holding.key, holding.body, holding.row_count) for holding in opened.everyone(CONTACTS)]
    there = [(holding.key, holding.body, holding.row_count) for holding in read_apart(_opener(), CONTACTS)]
    assert len(there) == 481
    assert sorted(there) == sorted(here)
    assert _readers() == []


def _counted(opener: Any, told: Any) -> None:
    told.put(sum(holding.row_count for holding in read_apart(opener, CONTACTS)))


@pytest.mark.usefixtures("many")
def test_a_worker_of_celery_reads_by_another_process_too() -> None:
    told: Any = billiard.Queue()
    worker = billiard.Process(target=_counted, args=(_opener(), told), daemon=True)
    worker.start()
    assert told.get(timeout=60) == 24_001
    worker.join()


@pytest.mark.usefixtures("many")
def test_few_rows_are_read_here_and_so_is_what_the_database_puts_together(many: psycopg.Connection) -> None:
    with closing(_connector(plain_rows=False)) as opened:
        assert opened.elsewhere(CONTACTS) is None
    many.execute("DELETE FROM many WHERE n < 4002")
    assert _opener() is None


def test_a_half_that_fails_keeps_the_last_good_sheets_and_the_next_run_reads_on(many: psycopg.Connection) -> None:
    assert (_pull(0).changed, len(_held())) == (1, 1)
    before = _held()
    many.execute(_BROKEN)
    many.execute("GRANT SELECT ON broken TO PUBLIC")
    many.execute("UPDATE many SET note = 'new' WHERE n = 24000")
    _map("broken", "n", "note", "one")
    failed = _pull(1)
    assert (failed.state, failed.changed, _held()) == (PullState.FAILED, 0, before)
    assert "SQLSTATE 22012" in failed.error
    _map("many", "n", "note")
    assert (_pull(2).changed, _held() != before) == (1, True)


def test_a_field_that_is_gone_is_named_and_the_last_good_sheets_stay(many: psycopg.Connection) -> None:
    _pull(0)
    before = _held()
    many.execute("ALTER TABLE many DROP COLUMN note")
    failed = _pull(1)
    assert (failed.state, _held()) == (PullState.FAILED, before)
    assert "many.note" in failed.error


@pytest.mark.usefixtures("many")
def test_a_reader_that_is_killed_leaves_nothing_half_done() -> None:
    _pull(0)
    before = _held()

    def kill() -> None:
        deadline = time.monotonic() + 30
        while not (readers := _readers()) and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(readers[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    failed = _pull(1)
    killer.join()
    assert (failed.state, _held()) == (PullState.FAILED, before)
    assert "It was cut off before it ended." in failed.error
    done = _pull(2)
    assert (done.state, done.unchanged, _readers()) == (PullState.DONE, 1, [])


@pytest.mark.usefixtures("many")
def test_whoever_leaves_early_leaves_no_reader_behind() -> None:
    reading = read_apart(_opener(), CONTACTS)
    next(reading)
    assert len(_readers()) == 1
    reading.close()  # type: ignore[attr-defined]
    assert _readers() == []


@pytest.mark.usefixtures("many")
def test_a_reader_that_is_killed_while_it_is_listened_to_is_told() -> None:
    reading = read_apart(_opener(), CONTACTS)
    next(reading)
    os.kill(_readers()[0], signal.SIGKILL)
    with pytest.raises(CutOff, match="left as it was"):
        list(reading)


def _large(path: Path) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("CREATE TABLE many (n int, code text, note text)")
        opened.execute(
            "INSERT INTO many WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 29999) "
            "SELECT n, '010150-' || (900 + n / 1000), hex(zeroblob(100)) FROM c"
        )
        opened.execute(
            "CREATE VIEW slow AS SELECT *, (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
            "WHERE n < 1000000000) SELECT max(n) FROM c) AS asleep FROM many"
        )
    return f"sqlite:///{path}"


def _elsewhere(url: str, *columns: str) -> Callable[[], Connector]:
    with closing(SqlConnector({"url": url}, {}, _mapping("many", *columns), Limits())) as opened:
        opener = opened.elsewhere(CONTACTS)
    assert opener is not None
    return opener


def test_the_other_process_keeps_to_the_addresses_that_may_be_reached(tmp_path: Path) -> None:
    opener, before = _elsewhere(_large(tmp_path / "city.db"), "note"), inward()
    assert len(list(read_apart(opener, CONTACTS))) == 30
    let_inward([])
    try:
        with pytest.raises(MisSet, match="points inward"):
            list(read_apart(opener, CONTACTS))
    finally:
        let_inward(before)


def test_a_fault_comes_with_its_sentence_and_its_facts(tmp_path: Path) -> None:
    opener = _elsewhere(_large(tmp_path / "city.db"), "note", "cents")
    with pytest.raises(Drifted) as raised:
        list(read_apart(opener, CONTACTS))
    assert (raised.value.facts, "{names}" in raised.value.sentence) == ({"names": "many.cents"}, True)


_WORKER = """
import sys, threading, time, multiprocessing
from datasources.connectors.apart import read_apart
from datasources.connectors.sql.connector import SqlConnector
from datasources.addresses import let_inward
from datasources.protocol import Limits
from functools import partial

def tell():
    while not (children := multiprocessing.active_children()):
        time.sleep(0.01)
    # By now it reads: its file of the database is open.
    time.sleep(1.0)
    print(children[0].pid, flush=True)

if __name__ == "__main__":
    let_inward(["127.0.0.0/8"])
    shape = {"table": "slow", "key": "slow.code", "columns": {"a": "slow.asleep"}}
    threading.Thread(target=tell, daemon=True).start()
    list(read_apart(partial(SqlConnector, {"url": sys.argv[1]}, {}, {"slow": shape}, Limits()), "slow"))
"""


def test_a_worker_that_is_killed_takes_its_reader_with_it_in_the_middle_of_a_statement(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", _WORKER, _large(tmp_path / "city.db")]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        reader = Path("/proc", worker.stdout.readline().strip())
        assert reader.exists()
        worker.kill()
        deadline = time.monotonic() + 10
        while reader.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
