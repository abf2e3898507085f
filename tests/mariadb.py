"""`python -m tests.mariadb`: find MariaDB's server, or install it as root, or say that it is missing; and run it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql  # type: ignore[import-untyped]

from tests.web import free_port

# The second has a tool that the first cannot do without.
PACKAGES = ("mariadb-server-core", "mariadb-client-core")
_READY_SECONDS = 60


@dataclass(frozen=True)
class MariaDb:
    """A server on loopback; `root` has no password."""

    port: int

    def connect(self, user: str = "root", password: str = "", database: str | None = None) -> Any:
        """A connection that commits by itself."""
        return pymysql.connect(
            host="127.0.0.1", port=self.port, user=user, password=password, database=database, autocommit=True
        )


def find() -> str | None:
    """The path of MariaDB's server, if there is one, and what makes its first tables."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    return shutil.which("mariadbd", path=path) if shutil.which("my_print_defaults", path=path) else None


def _install() -> None:
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *words], check=False, capture_output=True)


@contextmanager
def mariadb() -> Iterator[MariaDb]:
    """The server, until the block ends; AssertionError when there is none."""
    path = find()
    assert path is not None, f"There is no MariaDB; install Debian's packages {PACKAGES}."
    port = free_port()
    # The socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="maria-") as name:
        folder = Path(name)
        data = folder / "data"
        user = ["--user=root"] if os.geteuid() == 0 else []
        made = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", *user]
        made += ["--auth-root-authentication-method=normal", "--innodb-use-native-aio=0"]
        # Tables of a moment, too: in a folder that all share, two servers take each other's.
        alone = {**os.environ, "TMPDIR": name}
        done = subprocess.run(made, check=False, capture_output=True, text=True, env=alone)
        assert done.returncode == 0, f"MariaDB could not make its first tables: {(done.stdout + done.stderr)[-2000:]}"
        argv = [path, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1", *user]
        argv += [f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0"]
        argv += ["--innodb-use-native-aio=0"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log, env=alone)
            try:
                _wait(MariaDb(port), process, folder / "log")
                yield MariaDb(port)
            finally:
                process.terminate()
                process.wait(30)


def _wait(server: MariaDb, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.connect().close()
        except pymysql.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"MariaDB did not start: {log.read_text()[-2000:]}")


def main() -> int:
    """Missing is a failure where CI is set, and said loudly elsewhere."""
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        _install()
    if find() is not None:
        return 0
    print(f"NO MARIADB: its tests were NOT run. Install Debian's packages {PACKAGES}.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
