"""`python -m demo`: the whole portal on embedded servers, until Ctrl-C."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from demo.portal_processes import PYTHON, Ports, inside, outside
from demo.servers import APP, OWNER, Postgres, Redis, ServerFailed, postgres, prepare_cluster, redis
from demo.supervisor import DemoFailed, Supervisor

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".demo"
_DATABASE = "mydata"
_LEAST_DISK = 500 * 1024 * 1024


def _check_machine(ports: Ports) -> None:
    if shutil.disk_usage(ROOT).free < _LEAST_DISK:
        raise DemoFailed("The disk is almost full; the demo needs 500 MB.")
    for whose, port in ports.all.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise DemoFailed(
                    f"Port {port}, for {whose}, is taken; stop what uses it, or move the demo: make demo DEMO_PORT=9000"
                ) from None


def _secret() -> str:
    path = FOLDER / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _environment(pg: Postgres, broker: Redis, ports: Ports) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": pg.url(_DATABASE, APP),
        "REDIS_URL": broker.url,
        "SECRET_KEY": _secret(),
        "KEY_RING_FILE": str(FOLDER / "keys.json"),
        "STATIC_ROOT": str(FOLDER / "static"),
        "PLAIN_HTTP": "true",
        "DEMO_NOTICE": "true",
        "PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
        "STAFF_URL": f"http://localhost:{ports.web}",
        "SUOMIFI_ISSUER": f"http://127.0.0.1:{ports.identity}",
        "STAFF_ISSUER": f"http://127.0.0.1:{ports.identity}/staff",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def _do(what: str, argv: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([PYTHON, *argv], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoFailed(f"{what} failed: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")


def _migrate(pg: Postgres, environment: dict[str, str]) -> None:
    """Once for each state of the schema: asking Django whether there is anything to do takes seconds."""
    prepare_cluster(pg, _DATABASE)
    paths = [
        *ROOT.glob("[pcd]*/**/migrations/*.py"),
        *(ROOT / "portal" / "walls").glob("*"),
        ROOT / "requirements.lock",
    ]
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths) if path.is_file())).hexdigest()
    stamp = FOLDER / "postgres" / "schema"
    if stamp.exists() and stamp.read_text() == state:
        return
    url = pg.url(_DATABASE, OWNER)
    _do("The migration", ["manage.py", "migrate", "--verbosity=0"], environment | {"DATABASE_URL": url})
    stamp.write_text(state)


def _welcome(ports: Ports) -> str:
    return f"""
  The portal is open:        http://127.0.0.1:{ports.web}/
  The staff's door:          http://localhost:{ports.web}/
  The departments' moods:    http://127.0.0.1:{ports.control}/

  Try this: sign in as Raili Uimonen, look at your data, allow the reminder, see it in the log, take it back.
  Ctrl-C stops everything.
"""


def _run(ports: Ports) -> None:
    FOLDER.mkdir(mode=0o755, exist_ok=True)
    with postgres(FOLDER / "postgres") as pg, redis(FOLDER / "redis") as broker:
        environment = _environment(pg, broker, ports)
        supervisor = Supervisor(ROOT, environment)
        try:
            world = outside(ports, FOLDER, superuser=pg.url(), socket=pg.socket_folder / ".s.PGSQL.5432")
            for process in world:
                supervisor.run(process)
            _migrate(pg, environment)
            supervisor.wait_for(world)
            _do("Seeding", ["-m", "demo.seeding", str(FOLDER)], environment)
            portal = inside(ports)
            for process in portal:
                supervisor.run(process)
            supervisor.wait_for(portal)
            print(_welcome(ports), flush=True)
            while True:
                supervisor.look_after()
                time.sleep(0.5)
        finally:
            supervisor.stop_all()


def _stopped(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Exit code 0 after Ctrl-C or SIGTERM, 1 with one sentence when it cannot run."""
    signal.signal(signal.SIGTERM, _stopped)
    try:
        ports = Ports(int(os.environ.get("DEMO_PORT", "8000")))
        _check_machine(ports)
        _run(ports)
    except KeyboardInterrupt:
        print("\nEverything has stopped.", flush=True)
        return 0
    except (DemoFailed, ServerFailed, OSError) as fault:
        print(f"\n{fault}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
