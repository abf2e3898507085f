"""`python -m demo`: the whole portal of each city in CITIES, on embedded servers, until Ctrl-C.

`--reset` throws its data away instead.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from demo.cities import ROOT, DemoCity, cities, write_trust
from demo.keeping import ServerFailed
from demo.machine import alone, check_disk, check_ports, folder, sentence
from demo.portal_environment import DATABASE, portal_environment
from demo.portal_processes import PYTHON, Process, beside
from demo.processes import dies_with_parent, run
from demo.seeding import clients
from demo.servers import OWNER, Postgres, Redis, postgres, prepare_cluster, redis, tail
from demo.stamps import Stamp
from demo.supervisor import DemoFailed, Supervisor

_LOOK_SECONDS = 0.5
_MOVED = "\n  Otso Turunen moved in August: sign in as him to each city, and see what it holds."
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class _Standing:
    """A city whose servers run; `environment` is its portal's."""

    city: DemoCity
    pg: Postgres
    broker: Redis
    environment: dict[str, str]

    def named(self, processes: Iterable[Process], **more: str) -> list[Process]:
        """With the environment, and where there are several cities with the city's name before each."""
        before = f"{self.city.slug} " if self.city.others else ""
        return [replace(each, name=before + each.name, extra={**each.extra, **more}) for each in processes]


def _do(what: str, argv: list[str], environment: dict[str, str]) -> None:
    code, said = run([PYTHON, *argv], folder=ROOT, environment=environment)
    if code:
        raise DemoFailed(f"{what} failed: {tail(said) or 'it said nothing'}")


def _migrate(standing: _Standing) -> None:
    """Once for each state of the schema: asking Django whether there is anything to do takes seconds."""
    pg = standing.pg
    prepare_cluster(pg, DATABASE)
    sources = [*ROOT.glob("[pcd]*/**/migrations/*.py"), *(ROOT / "portal" / "walls").glob("*")]
    stamp = Stamp(standing.city.folder / "postgres" / "schema", [*sources, ROOT / "requirements.lock"])
    if not stamp.is_current():
        url = pg.url(DATABASE, OWNER)
        _do("The migration", ["manage.py", "migrate", "--verbosity=0"], standing.environment | {"DATABASE_URL": url})
        stamp.set()


def _seed(standing: _Standing) -> None:
    """Once for each state of the code, of the static files, and of where the departments are."""
    where, facts = standing.city.folder, standing.city.facts
    product = [path for name in ("portal", "consents", "datasources", "static") for path in (ROOT / name).rglob("*")]
    seeding = [
        *(ROOT / "demo" / name for name in ("seeding.py", "departments/leading.py")),
        *(ROOT / "requirements.lock", where / "departments" / "sources.json"),
    ]
    stamp = Stamp(where / "postgres" / "seed", [*product, *seeding, *facts.rglob("*")])
    if not (stamp.is_current() and all(key.exists() for key in clients(where, facts).values())):
        _do("Seeding", ["-m", "demo.seeding", str(where), str(facts)], standing.environment)
        stamp.set()


def _welcome(city: DemoCity) -> str:
    asked = city.ports
    told = f"""
  The portal is open:        {city.url}/
  The staff's door:          http://localhost:{asked.web}/
"""
    if city.others:
        told = f"\n  {city.name['en']}{told}"
    if not city.is_whole:
        return told
    return f"""{told}  The departments' moods:    http://127.0.0.1:{asked.control}/
  The sports desk:           http://127.0.0.1:{asked.desk}/
  Services that lead here:   http://127.0.0.1:{asked.services}/
  Suomi.fi Messages:         http://127.0.0.1:{asked.messages}/
  Makers of watches:         http://127.0.0.1:{asked.makers}/

  Try this: sign in as Raili Uimonen, look at your data, allow the reminder, see it in the log, take it back.
  At the sports desk, ask about her before and after.
"""


def _run(asked: list[DemoCity], lock: int) -> None:
    keep = [lock]
    with ExitStack() as servers:
        standing = [_stand(city, servers, keep) for city in asked]
        kept = [server.kept for each in standing for server in (each.pg, each.broker)]
        told = {**os.environ, "PYTHONUNBUFFERED": "1"}
        supervisor = Supervisor(ROOT, told, servers=kept, keep_open=keep)
        try:
            _open(standing, supervisor)
            for city in asked:
                print(_welcome(city), end="", flush=True)
            if len(asked) > 1:
                print(_MOVED, flush=True)
            print("  Ctrl-C stops everything.\n", flush=True)
            while True:
                supervisor.look_after()
                time.sleep(_LOOK_SECONDS)
        finally:
            supervisor.stop_all()


def _stand(city: DemoCity, servers: ExitStack, keep: list[int]) -> _Standing:
    pg = servers.enter_context(postgres(city.folder / "postgres", keep_open=keep))
    broker = servers.enter_context(redis(city.folder / "redis", keep_open=keep))
    return _Standing(city, pg, broker, portal_environment(city, pg, broker))


def _open(standing: list[_Standing], supervisor: Supervisor) -> None:
    """What is outside of all cities; then what is inside of each, and who calls it from beside."""
    world = []
    for each in standing:
        if each.city.others:
            write_trust(each.city, [other.city for other in standing])
        socket = each.pg.socket_folder / ".s.PGSQL.5432"
        world += each.named(each.city.outside(superuser=each.pg.url(), socket=socket))
    _start(world, supervisor)
    for each in standing:
        _migrate(each)
    supervisor.wait_for(world)
    for each in standing:
        _seed(each)
    for each in standing:  # in turn: all at once would keep one another from getting ready in time
        portal = each.named(each.city.inside(), **each.environment)
        _start(portal, supervisor)
        supervisor.wait_for(portal)
        if each.city.is_whole:
            _start(each.named(beside(each.city.ports, clients(each.city.folder, each.city.facts))), supervisor)


def _start(processes: list[Process], supervisor: Supervisor) -> None:
    for process in processes:
        supervisor.run(process)


def _stopped(number: int, frame: FrameType | None) -> None:
    """Once: a second Ctrl-C must not cut the stopping short."""
    for each in _STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _reset(where: Path) -> None:
    if where.exists():
        with alone(where):
            shutil.rmtree(where)
    print("The demo starts afresh next time.")


def main(words: list[str]) -> int:
    """Exit code 0 after Ctrl-C or SIGTERM, 1 with one sentence when it cannot run."""
    # Also where whoever started us ignores them, as a shell does for what runs in the background.
    for number in _STOPPING:
        signal.signal(number, _stopped)
    if "MAKELEVEL" in os.environ:  # a make that is killed takes the demo with it
        dies_with_parent(signal.SIGTERM, os.getppid())()
    where = folder()
    try:
        if words == ["--reset"]:
            _reset(where)
            return 0
        where.mkdir(mode=0o755, parents=True, exist_ok=True)
        with alone(where) as lock:
            asked = cities(where)
            check_disk(where)
            check_ports(asked)
            _run(asked, lock)
    except KeyboardInterrupt:
        print("\nEverything has stopped.", flush=True)
        return 0
    except (DemoFailed, ServerFailed, OSError) as fault:
        print(f"\n{sentence(fault)}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
