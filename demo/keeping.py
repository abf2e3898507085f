"""A server that is started again when it has died."""

import subprocess
import time
from collections.abc import Callable

from demo.processes import ending

_AGAIN_SECONDS = 20.0
_MOST_DEATHS = 3
_LONG_LIFE = 60.0


class ServerFailed(Exception):
    """An embedded server did not start, or does not stay; the message is one sentence."""


class Kept:
    """A server that `look_after` starts again when it has died by itself."""

    def __init__(self, name: str, launch: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name, self._launch = name, launch
        self.process, self._deaths, self._since = launch(), 0, time.monotonic()

    def look_after(self) -> str:
        """Empty while it runs, else how it had ended; ServerFailed when it does not come back."""
        if self.process.poll() is None:
            return ""
        ended = ending(self.process.returncode)
        self._deaths = self._deaths + 1 if time.monotonic() - self._since < _LONG_LIFE else 1
        if self._deaths > _MOST_DEATHS:
            raise ServerFailed(f"{self.name} keeps stopping ({ended}).")
        deadline = time.monotonic() + _AGAIN_SECONDS
        while True:
            try:
                self.process = self._launch()
            except ServerFailed:  # what the dead one left behind may still be going
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                self._since = time.monotonic()
                return ended
