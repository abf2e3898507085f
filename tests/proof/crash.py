"""The whole demo, killed piece by piece under residents who answer: nothing lost, nothing doubled, the log whole."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg
from redis import Redis

from demo.check import MainJob, NotOk
from demo.people import everyone, pinned
from demo.servers import Postgres
from portal.ledger.entries import leaf_hash
from tests.demo.starting import PORTAL_IS_OPEN, Demo, demo_folder
from tests.examples import EVERY
from tests.proof.calling import SENT, System
from tests.web import ROOT

_RESIDENTS, _BORN_BEFORE, _STRANGER = 4, 2000, 200
_PAUSE, _SETTLES_SECONDS = 5.0, 240.0
# F5 asks for ten minutes (600), which does not fit beside all else; the row tells how long it was.
_AWAY_SECONDS = float(os.environ.get("REDIS_AWAY_SECONDS", "15"))
_EVENTS = "SELECT state FROM consents_consentevent WHERE person_id = %s AND state IN ('given', 'withdrawn') ORDER BY id"
_WAITING = "SELECT count(*) FROM jobs_job WHERE done_at IS NULL AND quarantined_at IS NULL AND due_at < now()"
_LEASED = "SELECT count(*) FROM jobs_job WHERE leased_until_at > now() AND done_at IS NULL"
_ENTRIES = "SELECT count(*) FROM ledger_log WHERE subject = %s AND kind = ANY(%s)"
_TOLD_BY = {
    "disclosures/": ("consents.disclosed", "consents.nothing_disclosed"),
    "uses/": ("consents.use_reported",),
}
_PUSHED = "SELECT count(*) FROM datasources_pull WHERE kind = 'sent' AND state = 'done' AND rows_read = 1"
_NUMBERED = "SELECT id FROM consents_announcement WHERE department = 'sports' AND subject IS NOT NULL ORDER BY number"
_UNTOLD = (
    "SELECT (SELECT count(*) FROM consents_announcement WHERE number IS NULL), "
    "(SELECT count(*) FROM consents_delivery WHERE delivered_at IS NULL)"
)
_PENDING = "SELECT id FROM ledger_pending"
_KINDS_OF_CALLS = 4
# Each must find nothing.
_NEVER = {
    "a job that was put aside": "SELECT name, error FROM jobs_job WHERE quarantined_at IS NOT NULL",
    "an event without its entry": "SELECT e.id FROM consents_consentevent e "
    "LEFT JOIN ledger_log l ON l.id = e.entry_id WHERE l.id IS NULL",
    "an entry of an answer without its event": "SELECT l.id FROM ledger_log l LEFT JOIN consents_consentevent e "
    "ON e.entry_id = l.id WHERE l.kind IN ('consents.given', 'consents.withdrawn') AND e.id IS NULL",
    "a sheet that arrived twice": "SELECT subject, datasets FROM ledger_log WHERE kind = 'datasources.sheet_arrived' "
    "GROUP BY 1, 2 HAVING count(*) > 1",
    "a sheet without its entry": "SELECT s.id FROM datasources_sheet s "
    "JOIN datasources_dataset d ON d.id = s.dataset_id WHERE NOT EXISTS "
    "(SELECT FROM ledger_log l WHERE l.subject = s.person_id AND l.datasets ? d.slug)",
    "a gap in the numbers": "SELECT index FROM (SELECT index, row_number() OVER (ORDER BY index) - 1 AS n "
    "FROM ledger_leaf) AS leaf WHERE index <> n",
    "an entry that was numbered and not sealed": "SELECT index FROM ledger_leaf "
    "WHERE index >= (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)",
    "a change that no webhook told": "SELECT a.id FROM consents_announcement a JOIN consents_webhook w "
    "ON w.department = a.department AND w.created_at < a.numbered_at WHERE NOT EXISTS "
    "(SELECT FROM consents_delivery d "
    "WHERE (d.announcement_id, d.webhook_id) = (a.id, w.id) AND d.delivered_at IS NOT NULL)",
    "an entry without a leaf": "SELECT e.id FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id "
    "WHERE l.entry_id IS NULL",
}


class Resident(threading.Thread):
    """Says yes and takes it back in turn. `saved` answers were confirmed; of `unknown` ones they cannot tell."""

    def __init__(self, city: "City", slug: str) -> None:
        super().__init__(daemon=True)
        self.job = MainJob(city.demo.base, "en", slug)
        self.job.sign_in()
        ((self.person,),) = city.rows("SELECT id FROM people_person ORDER BY created_at DESC LIMIT 1")
        self.saved, self.unknown, self.fault = 0, 0, ""
        self.done = threading.Event()

    def run(self) -> None:
        """Until told that it is done."""
        while not self.done.is_set():
            try:
                allowed = self._may()
            except (NotOk, httpx2.HTTPError):
                time.sleep(0.2)
                continue
            try:
                (self.job.take_back if allowed else self.job.allow)()
                self.saved += 1
            except (NotOk, StopIteration, httpx2.HTTPError) as fault:
                self.unknown += 1
                # The last page that was there, without what it says of anybody.
                last = self.job.browser.visited[-2:]
                self.fault = f"{type(fault).__name__} {fault} after {last}"

    def _may(self) -> bool:
        answers = self.job.department.check("swimming-reminders", ["sports-courses"], [self.job.code])
        return bool(answers[0]["allowed"])


class City:
    """A running demo as its operator sees it."""

    def __init__(self, demo: Demo, supervisor: int) -> None:
        self.demo, self.supervisor = demo, psutil.Process(supervisor)
        self.postgres = Postgres(demo.folder / "postgres" / "socket", pid=0)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """As superuser, over everyone."""
        with self.postgres.connect("mydata") as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def kill_workers(self) -> None:
        """While a job is being done, every Celery worker at once."""
        wait_until(lambda: self.rows(_LEASED) != [(0,)], 60)
        for process in self.supervisor.children(recursive=True):
            # A child of one that was killed may be gone before it is looked at.
            with suppress(psutil.NoSuchProcess):
                if {"celery", "worker"} <= set(process.cmdline()):
                    process.kill()

    def kill_postgres(self) -> None:
        """Between two statements of somebody, and the next time too; then it comes back."""
        for _ in range(2):
            os.kill(int((self.demo.folder / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            wait_until(self._answers, 60)
            time.sleep(_PAUSE)

    def _answers(self) -> bool:
        try:
            return self.rows("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def kill_redis(self) -> None:
        """With everything that it held in memory."""
        with Redis(unix_socket_path=str(self._socket())) as client:
            os.kill(client.info()["process_id"], signal.SIGKILL)
        time.sleep(_PAUSE)

    @contextmanager
    def without_redis(self) -> Iterator[None]:
        """Nobody can reach it."""
        socket = self._socket()
        with Redis(unix_socket_path=str(socket)) as client:
            client.ping()  # connected, so that it can still send others away
            socket.rename(socket.with_suffix(".away"))
            client.client_kill_filter(_type="normal", skipme=True)
        try:
            yield
        finally:
            socket.with_suffix(".away").rename(socket)

    def _socket(self) -> Path:
        return self.demo.folder / "redis" / "socket" / "redis.sock"


def prove() -> str:
    """What `make test` leaves to here, with all examples; then what is killed in turn, and what still holds."""
    argv = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "proof or hypothesis", "tests"]
    every = {**os.environ, EVERY: "1"}
    left_to_here = subprocess.run(argv, cwd=ROOT, env=every, capture_output=True, text=True, check=False)
    assert left_to_here.returncode == 0, left_to_here.stdout[-3000:]
    with demo_folder() as folder:
        os.environ["DEMO_FOLDER"] = str(folder)  # where the departments' keys are
        demo = Demo(folder)
        with demo.open(PORTAL_IS_OPEN) as supervisor:
            city = City(demo, supervisor.pid)
            control = {"department": "library", "mood": "slow", "slow_seconds": 2}
            httpx2.post(f"http://127.0.0.1:{demo.port + 4}/control", json=control).raise_for_status()
            # Who may answer: for a small child the guardians do.
            grown = (person for person in pinned() if person.born.year < _BORN_BEFORE)
            residents = [Resident(city, person.slug) for person in islice(grown, _RESIDENTS)]
            stranger = next(islice(everyone(), _STRANGER, None))
            system = System(residents[0].job.department, residents[0].job.code, asks=stranger.identity_code)
            without, called = _killed_under(city, residents, system)
            _come_to_an_end(city, residents, system)
            leaves = _is_whole(city, residents)
            _has_lost_nothing(city, system, residents[0].person)
    saved, unknown = (sum(getattr(each, name) for each in residents) for name in ("saved", "unknown"))
    killed = f"workers, Redis and twice PostgreSQL killed under {_RESIDENTS} residents"
    away = f"Redis away for {_AWAY_SECONDS:.0f} s"
    answers = f"{saved} confirmed answers all there ({without} with {away}), {unknown} unconfirmed at most once"
    calls = f"{len(system.heard)} calls of a system that change something done once each ({called} without Redis)"
    calls += f", {len(system.changes)} changes read in order and all sent by webhook"
    return f"{killed}: {answers}; {calls}; {leaves} entries numbered without a gap"


def _killed_under(city: City, residents: list[Resident], system: System) -> tuple[int, int]:
    """Each server in turn; how many answers were saved, and calls answered, while Redis was away."""
    city.kill_workers()
    system.start()
    for resident in residents:
        resident.start()
    time.sleep(_PAUSE)
    _all_were_answered(residents, "while only workers were gone")
    with city.without_redis():
        saved, repeated, before = sum(each.saved for each in residents), system.repeated, len(system.heard)
        time.sleep(_AWAY_SECONDS)
        assert system.repeated == repeated, "calls of the system failed without Redis"
        called = len(system.heard) - before
        _all_were_answered(residents, "without Redis")
        without = sum(each.saved for each in residents) - saved
    city.kill_redis()
    city.kill_postgres()
    assert all(resident.is_alive() for resident in residents), "a resident left before the end"
    assert without > 0, "nobody answered while Redis was away"
    assert called >= _KINDS_OF_CALLS, "the system was not answered while Redis was away"
    return without, called


def _come_to_an_end(city: City, residents: list[Resident], system: System) -> None:
    """All is done that was begun: jobs, numbers, messages, and the feed is read to its end."""
    callers: list[Resident | System] = [*residents, system]
    for each in callers:
        each.done.set()
    for each in callers:
        each.join(120)
    wait_until(lambda: city.rows(_WAITING) == [(0,)])
    wait_until(lambda: city.rows(_UNTOLD) == [(0, 0)])
    wait_until(lambda: not system.read_on())
    # Reading the feed leaves an entry too, as what is done by the clock does.
    wait_until(lambda: not city.rows(_PENDING))


def _all_were_answered(residents: list[Resident], when: str) -> None:
    faults = [each.fault for each in residents if each.unknown]
    assert not faults, f"answers failed {when}: {faults}"


def _is_whole(city: City, residents: list[Resident]) -> int:
    """How many entries the log holds; AssertionError for anything lost or doubled."""
    for told, query in _NEVER.items():
        found = city.rows(query)
        assert not found, f"{told}: {len(found)}, the first {found[0]}"
    for resident in residents:
        states = [row[0] for row in city.rows(_EVENTS, resident.person)]
        assert resident.saved <= len(states) <= resident.saved + resident.unknown, (resident.saved, states)
        assert all(one != other for one, other in pairwise(states)), "an answer stands twice"
    leaves = city.rows("SELECT l.hash, e.body FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id")
    assert all(bytes(kept) == leaf_hash(bytes(body)) for kept, body in leaves), "a leaf is not its entry's"
    return len(leaves)


def _has_lost_nothing(city: City, system: System, person: str) -> None:
    """What was answered is there, once, and is answered the same again; the feed and the webhook told everything."""
    assert not system.fault, system.fault
    assert not system.is_alive(), "the system did not come to an end"
    for act, heard in system.heard.items():
        again = system.send(act)
        same = (again.content, again.headers.get("Idempotency-Replayed")) == (heard, "true")
        assert same, f"{act.path} was answered otherwise: {again.status_code} {again.text}"
    for path, kinds in _TOLD_BY.items():
        ((count,),) = city.rows(_ENTRIES, person, list(kinds))
        assert count == system.made(path), f"{path} was answered {system.made(path)} times and stands {count} times"
    pushed = city.rows(_PUSHED)[0][0]
    assert pushed >= system.made(f"datasets/{SENT}/records/"), "a push that was answered is not there"
    numbered = [str(row[0]) for row in city.rows(_NUMBERED)]
    assert list(dict.fromkeys(system.changes)) == numbered, "the feed left something out"


def wait_until(holds: Callable[[], bool], seconds: float = _SETTLES_SECONDS) -> None:
    """AssertionError when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"it did not settle within {seconds:.0f} s"
        time.sleep(0.2)
