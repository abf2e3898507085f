"""`python -m demo`: the whole portal on embedded servers, until Ctrl-C. `--reset` throws its data away instead."""

import os
import secrets
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from demo.departments.running import secret
from demo.keeping import ServerFailed
from demo.machine import ROOT, alone, check_disk, folder, ports, sentence
from demo.makers import accounts as makers
from demo.messages import server as messages
from demo.portal_processes import PYTHON, Ports, beside, inside, outside
from demo.processes import dies_with_parent, run
from demo.seeding import clients
from demo.servers import APP, OWNER, Postgres, Redis, postgres, prepare_cluster, redis, tail
from demo.stamps import Stamp
from demo.supervisor import DemoFailed, Supervisor

_DATABASE = "mydata"
_LOOK_SECONDS = 0.5
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _secret(where: Path) -> str:
    path = where / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _environment(where: Path, pg: Postgres, broker: Redis, asked: Ports) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": pg.url(_DATABASE, APP),
        "REDIS_URL": broker.url,
        "SECRET_KEY": _secret(where),
        "KEY_RING_FILE": str(where / "keys.json"),
        "WATCH_SPOOL": str(where / "watches"),
        "CHECKPOINT_FOLDER": str(where / "seals"),
        "ERASURE_FOLDER": str(where / "erasures"),
        "STATIC_ROOT": str(where / "static"),
        "PLAIN_HTTP": "true",
        "SOURCES_MAY_POINT_INWARD": "127.0.0.0/8,::1/128",
        "POPULATION_URL": f"http://127.0.0.1:{asked.population}",
        "POPULATION_TOKEN": secret(where / "departments", "population"),
        "DEMO_NOTICE": "true",
        "PUBLIC_URL": f"http://127.0.0.1:{asked.web}",
        "STAFF_URL": f"http://localhost:{asked.web}",
        "SUOMIFI_ISSUER": f"http://127.0.0.1:{asked.identity}",
        "STAFF_ISSUER": f"http://127.0.0.1:{asked.identity}/staff",
        "LETTERS_FROM": "tietoni@espoo.example",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(where / "letters"),
        "MESSAGES_URL": f"http://127.0.0.1:{asked.messages}",
        "MESSAGES_USERNAME": messages.USERNAME,
        "MESSAGES_PASSWORD": messages.PASSWORD,
        "MESSAGES_SERVICE_ID": messages.SERVICE,
        **_of_makers(f"http://127.0.0.1:{asked.makers}"),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def _of_makers(url: str) -> dict[str, str]:
    """Where services of watches are, and who we are there."""
    oura, polar = f"{url}/oura", f"{url}/polar"
    places = {"OURA_SITE": oura, "OURA_API": oura, "POLAR_SITE": polar, "POLAR_TOKENS": polar, "POLAR_API": polar}
    known = {f"{maker}_CLIENT_ID": makers.CLIENT for maker in ("OURA", "POLAR")}
    return places | known | {f"{maker}_CLIENT_SECRET": makers.SECRET for maker in ("OURA", "POLAR")}


def _do(what: str, argv: list[str], environment: dict[str, str]) -> None:
    code, said = run([PYTHON, *argv], folder=ROOT, environment=environment)
    if code:
        raise DemoFailed(f"{what} failed: {tail(said) or 'it said nothing'}")


def _migrate(where: Path, pg: Postgres, environment: dict[str, str]) -> None:
    """Once for each state of the schema: asking Django whether there is anything to do takes seconds."""
    prepare_cluster(pg, _DATABASE)
    sources = [*ROOT.glob("[pcd]*/**/migrations/*.py"), *(ROOT / "portal" / "walls").glob("*")]
    stamp = Stamp(where / "postgres" / "schema", [*sources, ROOT / "requirements.lock"])
    if not stamp.is_current():
        url = pg.url(_DATABASE, OWNER)
        _do("The migration", ["manage.py", "migrate", "--verbosity=0"], environment | {"DATABASE_URL": url})
        stamp.set()


def _seed(where: Path, environment: dict[str, str]) -> None:
    """Once for each state of the code, of the static files, and of where the departments are."""
    product = [path for name in ("portal", "consents", "datasources", "static") for path in (ROOT / name).rglob("*")]
    seeding = [
        *(ROOT / "demo" / name for name in ("seeding.py", "departments/leading.py")),
        ROOT / "requirements.lock",
        where / "departments" / "sources.json",
    ]
    stamp = Stamp(where / "postgres" / "seed", [*product, *seeding])
    if not (stamp.is_current() and all(key.exists() for key in clients(where).values())):
        _do("Seeding", ["-m", "demo.seeding", str(where)], environment)
        stamp.set()


def _welcome(asked: Ports) -> str:
    return f"""
  The portal is open:        http://127.0.0.1:{asked.web}/
  The staff's door:          http://localhost:{asked.web}/
  The departments' moods:    http://127.0.0.1:{asked.control}/
  The sports desk:           http://127.0.0.1:{asked.desk}/
  Services that lead here:   http://127.0.0.1:{asked.services}/
  Suomi.fi Messages:         http://127.0.0.1:{asked.messages}/
  Makers of watches:         http://127.0.0.1:{asked.makers}/

  Try this: sign in as Raili Uimonen, look at your data, allow the reminder, see it in the log, take it back.
  At the sports desk, ask about her before and after.
  Ctrl-C stops everything.
"""


def _run(where: Path, asked: Ports, lock: int) -> None:
    keep = [lock]
    with postgres(where / "postgres", keep_open=keep) as pg, redis(where / "redis", keep_open=keep) as broker:
        environment = _environment(where, pg, broker, asked)
        supervisor = Supervisor(ROOT, environment, servers=[pg.kept, broker.kept], keep_open=keep)
        try:
            world = outside(asked, where, superuser=pg.url(), socket=pg.socket_folder / ".s.PGSQL.5432")
            for process in world:
                supervisor.run(process)
            _migrate(where, pg, environment)
            supervisor.wait_for(world)
            _seed(where, environment)
            portal = inside(asked)
            for process in portal:
                supervisor.run(process)
            supervisor.wait_for(portal)
            for process in beside(asked, clients(where)):
                supervisor.run(process)
            print(_welcome(asked), flush=True)
            while True:
                supervisor.look_after()
                time.sleep(_LOOK_SECONDS)
        finally:
            supervisor.stop_all()


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
            check_disk(where)
            _run(where, ports(), lock)
    except KeyboardInterrupt:
        print("\nEverything has stopped.", flush=True)
        return 0
    except (DemoFailed, ServerFailed, OSError) as fault:
        print(f"\n{sentence(fault)}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
