"""Starts processes, shows their output with a name before each line, and stops every one of them."""

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from demo.keeping import Kept
from demo.portal_processes import Process
from demo.processes import descendants, ending, signal_group, start, stop

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 95)
_WIDTH = 18
_READY_SECONDS = 120.0
_QUICK_DEATH = 5.0
_MOST_DEATHS = 3


class DemoFailed(Exception):
    """The demo cannot go on; the message is one sentence."""


class Supervisor:
    """Keeps processes running until `stop_all`; one that dies at once again and again ends the demo."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        servers: Iterable[Kept | None] = (),
        keep_open: Sequence[int] = (),
    ) -> None:
        self.folder, self.environment = folder, environment
        self.servers = [server for server in servers if server]
        self.keep_open = keep_open
        self.colours: dict[str, int] = {}
        self.running: dict[str, tuple[Process, subprocess.Popen[bytes], float]] = {}
        self.deaths: dict[str, int] = {}

    def wait_for(self, processes: Iterable[Process]) -> None:
        """Until each of them answers."""
        for process in processes:
            if process.ready:
                self._wait(process)

    def run(self, process: Process) -> None:
        """Start it; what it says is shown as it comes."""
        child = start(
            process.argv,
            environment={**self.environment, **process.extra},
            folder=self.folder,
            output=subprocess.PIPE,
            on_parent_death=signal.SIGTERM if process.has_children else signal.SIGKILL,
            keep_open=self.keep_open,
        )
        self.running[process.name] = (process, child, time.monotonic())
        colour = self.colours.setdefault(process.name, _COLOURS[len(self.colours) % len(_COLOURS)])
        threading.Thread(target=_show, args=(process.name, child, colour), daemon=True).start()

    def _wait(self, process: Process) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            self.look_after()
            try:
                with urllib.request.urlopen(process.ready, timeout=2):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise DemoFailed(f"{process.name} did not get ready within {_READY_SECONDS:.0f} seconds.")

    def look_after(self) -> None:
        """Start again what has died; DemoFailed when it keeps dying at once, ServerFailed when a server is lost."""
        for server in self.servers:
            if ended := server.look_after():
                _say(server.name, f"stopped by itself ({ended}); it runs again.", _COLOURS[0])
        for name, (process, child, since) in list(self.running.items()):
            if child.poll() is None:
                continue
            signal_group(child.pid, signal.SIGKILL)  # its own children would hold on to its port
            ended = ending(child.returncode)
            quick = time.monotonic() - since < _QUICK_DEATH
            self.deaths[name] = self.deaths.get(name, 0) + 1 if quick else 1
            if self.deaths[name] >= _MOST_DEATHS:
                raise DemoFailed(f"{name} keeps stopping ({ended}); its last lines above say why.")
            _say(name, f"stopped by itself ({ended}); starting it again.", self.colours[name])
            time.sleep(0.5 * self.deaths[name])
            self.run(process)

    def stop_all(self) -> None:
        """Ask all to end, newest first, then end what is left, with its children."""
        children = [child for _, child, _ in reversed(self.running.values())]
        families = {child.pid: [child.pid, *descendants(child.pid)] for child in children}
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in children:
            stop(child, grace=8.0)
            for pid in families[child.pid]:
                signal_group(pid, signal.SIGKILL)
        self.running.clear()


def _show(name: str, child: subprocess.Popen[bytes], colour: int) -> None:
    for line in child.stdout or ():
        _say(name, line.decode(errors="replace").rstrip(), colour)


def _say(name: str, line: str, colour: int) -> None:
    painted = f"\x1b[{colour}m{name:<{_WIDTH}}\x1b[0m" if sys.stdout.isatty() else f"{name:<{_WIDTH}}"
    sys.stdout.write(f"{painted} {line}\n")
    sys.stdout.flush()
