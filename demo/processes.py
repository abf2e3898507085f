"""Child processes that die with their parent, in a process group of their own, and are stopped whole."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(number: int, parent: int) -> Callable[[], None]:
    """What a new child runs first: it gets `number` when the thread that started it is gone (Linux)."""

    def ask_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os.kill(os.getpid(), number)

    return ask_kernel


def start(
    argv: Sequence[str | Path],
    *,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    output: int | IO[bytes] | None = None,
    on_parent_death: int = signal.SIGTERM,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` in its own process group, so that Ctrl-C reaches us first. Call from the main thread."""
    given: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    return subprocess.Popen(
        [str(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=environment,
        cwd=folder,
        process_group=0,
        pass_fds=keep_open,
        preexec_fn=dies_with_parent(on_parent_death, os.getpid()),  # noqa: PLW1509 - async-signal-safe calls only
        **given,
    )


def run(
    argv: Sequence[str | Path],
    *,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[int, str]:
    """Run `argv` to its end; its code and what it said. It dies with us, and is stopped when we are interrupted."""
    process = start(argv, user=user, environment=environment, folder=folder, output=subprocess.PIPE)
    try:
        said, _ = process.communicate()
    finally:
        if process.poll() is None:
            stop(process)
    return process.returncode, said.decode(errors="replace").strip()


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"code {code}" if code >= 0 else f"killed by signal {-code}"


def signal_group(group: int, number: int) -> None:
    """Send `number` to every process of the group; an empty group is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def stop(process: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, grace: float = 10.0) -> None:
    """Ask the process to end with `first`, wait `grace` seconds, then kill its whole group."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def descendants(pid: int) -> Iterator[int]:
    """Every living process below `pid`, from /proc; nothing where there is no /proc."""
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in tasks.read_text().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from descendants(child)
