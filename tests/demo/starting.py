"""Starts `python -m demo` as another program would, and tells what is left of it."""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

from tests.web import ROOT

OUTSIDE_IS_OPEN = "The departments are open."
PORTAL_IS_OPEN = "The portal is open"
_READY_SECONDS, _GONE_SECONDS = 200.0, 30.0
_PORTS = 9
_LOWEST_PORT, _HIGHEST_PORT = 10_000, 32_000
_OTHER = "nobody"


@dataclass
class Demo:
    """A demo's folder and ports, and how it is started; `prefix` are words before its command."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(_PORTS))
    prefix: tuple[str, ...] = ()
    argv: tuple[str, ...] = (sys.executable, "-m", "demo")
    place: Path = ROOT
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tests' own servers."""
        passed = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME", "TMPDIR"}}
        told = {"DEMO_FOLDER": str(self.folder), "DEMO_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return {**passed, **told, **self.settings}

    @property
    def base(self) -> str:
        """The residents' door."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def start(self) -> subprocess.Popen[bytes]:
        """In a session of its own, as from a terminal."""
        with self.log.open("wb") as output:
            return subprocess.Popen(
                [*self.prefix, *self.argv],
                cwd=self.place,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def run(self) -> tuple[int, str]:
        """To its end: exit code, what it said."""
        code = self.start().wait(_READY_SECONDS)
        return code, self.log.read_text()

    def wait_for(self, words: str, process: subprocess.Popen[bytes]) -> None:
        """Until it has said so."""
        deadline = time.monotonic() + _READY_SECONDS
        while words not in self.log.read_text():
            assert process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    @contextlib.contextmanager
    def open(self, words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Running, once it has said `words`; stopped at the end of the block."""
        process = self.start()
        try:
            self.wait_for(words, process)
            yield process
        finally:
            process.terminate()
            process.wait(_GONE_SECONDS)

    def left(self) -> list[str]:
        """The processes that are still there when they have had time to end."""
        deadline = time.monotonic() + _GONE_SECONDS
        while (found := list(self._processes())) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def _processes(self) -> Iterator[str]:
        """By the folder in their environment or command, or by the lock that each of them inherits."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if str(self.folder) in f"{process.cmdline()} {process.environ().get('DEMO_FOLDER')}":
                    yield f"{process.pid} {process.name()}"
        if self._is_locked():
            yield "whoever holds the lock"

    def _is_locked(self) -> bool:
        path = self.folder / "lock"
        if not path.exists():
            return False
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def free_ports(count: int) -> int:
    """The first of `count` ports in a row that were free a moment ago.

    Below those that the kernel gives to whoever asks for any, so that no connection of others takes one meanwhile.
    """
    while True:
        first = _LOWEST_PORT + secrets.randbelow(_HIGHEST_PORT - _LOWEST_PORT - count)
        taken = {each.laddr.port for each in psutil.net_connections("tcp") if each.laddr}
        if taken.isdisjoint(range(first, first + count)):
            return first


@cache
def as_other() -> tuple[str, ...] | None:
    """Words that run a command as an ordinary user; none when that user cannot read this Python or the project.

    Where root keeps them to itself, as in its home, the user is given the right to read, and no other.
    """
    plain = ("setpriv", f"--reuid={_OTHER}", "--regid=nogroup", "--clear-groups")
    reading = (*plain, "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search")
    for words in (plain, reading):
        tried = [*words, sys.executable, "-c", "import demo.servers"]
        with contextlib.suppress(OSError):
            if subprocess.run(tried, cwd=ROOT, env={}, capture_output=True, check=False).returncode == 0:
                return words
    return None


@contextlib.contextmanager
def demo_folder(*, other: bool = False) -> Iterator[Path]:
    """A new folder that its user alone may enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="demo-test-"))
    place = folder / "demo"
    place.mkdir()
    if other:
        owner = pwd.getpwnam(_OTHER)
        for each in (folder, place):
            os.chown(each, owner.pw_uid, owner.pw_gid)
    try:
        yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)
