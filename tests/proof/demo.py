"""From a fresh clone in an empty folder to a stopped demo, by the clock; however it ends, nothing of it stays."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.demo.starting import PORTAL_IS_OPEN, Demo, as_other, demo_folder
from tests.web import ROOT

FIRST_SECONDS, LATER_SECONDS = 180.0, 20.0
_ENDS = "Ctrl-C, TERM, HUP, KILL of make and of the supervisor"
# Ctrl-C, and the closing of its window: make and the demo both get them.
_FROM_A_TERMINAL = (signal.SIGINT, signal.SIGHUP)


def prove() -> str:
    """As whoever runs this; and, where that is root, as an ordinary user too."""
    with _clone() as clone, demo_folder() as folder:
        demo = Demo(folder, argv=("make", "--silent", "demo"), place=clone)
        first = _open_and_end(demo, signal.SIGINT, check=True)
        assert first <= FIRST_SECONDS, f"the first start took {first:.0f} s"
        later = [_open_and_end(demo, number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)]
        later.append(_open_and_end(demo, signal.SIGKILL, supervisor=True))
        # The quickest, as other work may share the machine.
        assert min(later) <= LATER_SECONDS, f"later starts took {later}"
        times = f"ready {first:.0f} s after a fresh clone, later {min(later):.0f}-{max(later):.0f} s"
        return f"{times}; the main job in 3 languages; nothing left after {_ENDS}{_as_other(clone)}"


def _as_other(clone: Path) -> str:
    prefix = as_other() if os.geteuid() == 0 else None
    if prefix is None:
        return ""
    with demo_folder(other=True) as folder:
        demo = Demo(folder, place=clone, argv=(str(clone / ".venv/bin/python"), "-m", "demo"), prefix=prefix)
        for number in (signal.SIGINT, signal.SIGKILL):
            _open_and_end(demo, number, check=number == signal.SIGINT)
    return "; the same as an ordinary user"


def _open_and_end(demo: Demo, number: signal.Signals, *, check: bool = False, supervisor: bool = False) -> float:
    """Seconds from the command to the open portal, which is then ended; AssertionError when a process is left."""
    began = time.monotonic()
    process = demo.start()
    demo.wait_for(PORTAL_IS_OPEN, process)
    seconds = time.monotonic() - began
    if check:
        argv = ["make", "--silent", "demo-check"]
        done = subprocess.run(argv, cwd=demo.place, env=demo.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr + demo.log.read_text()
    if number in _FROM_A_TERMINAL:
        os.killpg(process.pid, number)
    else:
        os.kill(_child(process.pid) if supervisor else process.pid, number)
    process.wait(60)
    assert demo.left() == [], f"left after {number.name}: {demo.left()}"
    return seconds


def _child(make: int) -> int:
    return int(Path(f"/proc/{make}/task/{make}/children").read_text().split()[0])


@contextmanager
def _clone() -> Iterator[Path]:
    """What is committed, in a folder of its own that anyone may enter."""
    with tempfile.TemporaryDirectory(prefix="proof-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        clone = Path(name) / "portal"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True, capture_output=True)
        yield clone
