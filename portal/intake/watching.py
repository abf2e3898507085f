"""Looking on while a thread of the server waits for a caller, and ending the wait when it has been long enough."""

import threading
import time
from typing import Protocol

LOOKS_EVERY = 0.5  # seconds
# Of the patience: something more had come before it was silent.
_LATER = 0.75


class Closable(Protocol):
    """The connections among which the one is that is waited for (connections.Connections)."""

    def look(self) -> None:
        """Remember how much has come."""

    def hang_up(self, *, came: int, seconds: float) -> int:
        """Close what was silent, or slow since then."""
        ...


class Wait:
    """Around each read of one body. `came`: bytes that it has brought; `gave_up`: a read took too long."""

    def __init__(self, connections: Closable, patience: float) -> None:
        self._connections, self._patience = connections, patience
        self._since, self._has_looked = 0.0, False
        self.came, self.gave_up = 0, False

    def __enter__(self) -> None:
        self._since, self._has_looked = time.monotonic(), False
        _WATCH.add(self)

    def __exit__(self, *_: object) -> None:
        _WATCH.forget(self)

    def look(self) -> None:
        """Called now and then by another thread, while it lasts."""
        waited = time.monotonic() - self._since
        if waited <= self._patience:
            if not self._has_looked:
                self._has_looked = True
                self._connections.look()
            return
        # At first what was there before this wait began: whoever stands behind in the queue came later.
        seconds = self._patience * _LATER if self.gave_up else waited
        self.gave_up = True
        self._connections.hang_up(came=self.came, seconds=seconds)


class _Watch:
    """One thread of each process, from the first wait on."""

    def __init__(self) -> None:
        self._waits: set[Wait] = set()
        self._lock, self._is_running = threading.Lock(), False

    def add(self, wait: Wait) -> None:
        with self._lock:
            self._waits.add(wait)
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, daemon=True).start()

    def forget(self, wait: Wait) -> None:
        with self._lock:
            self._waits.discard(wait)

    def _run(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            with self._lock:
                waits = list(self._waits)
            for wait in waits:
                wait.look()


_WATCH = _Watch()
