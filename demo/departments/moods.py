"""How each department behaves just now."""

import threading
import time
from collections.abc import Callable
from enum import StrEnum


class Mood(StrEnum):
    """What a department can be told to be."""

    OK = "ok"
    SLOW = "slow"
    DOWN = "down"
    WRONG = "wrong"
    OTHER_PERSON = "other-person"


NAMES = ("early-education", "library", "sports")
SLOW_SECONDS = 10.0
LONGEST_SECONDS = 600.0


class Moods:
    """The moods of all departments; `when_changed` is called after each change; each system looks when it answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moods = dict.fromkeys(NAMES, Mood.OK)
        self._changes = dict.fromkeys(NAMES, 0)
        self.slow_seconds = SLOW_SECONDS
        self.when_changed: Callable[[str, Mood], None] | None = None

    def __getitem__(self, name: str) -> Mood:
        with self._lock:
            return self._moods[name]

    def set(self, name: str, mood: Mood, *, slow_seconds: float | None = None) -> None:
        """KeyError for a department that is not there; ValueError for seconds outside 0–600."""
        if slow_seconds is not None and not 0 <= slow_seconds <= LONGEST_SECONDS:
            raise ValueError("slow_seconds must be between 0 and 600.")
        with self._lock:
            if name not in self._moods:
                raise KeyError(name)
            self._moods[name] = mood
            self._changes[name] += 1
            if slow_seconds is not None:
                self.slow_seconds = slow_seconds
        if self.when_changed:
            self.when_changed(name, mood)

    def changes(self, name: str) -> int:
        """How many times this department has been told how to be."""
        with self._lock:
            return self._changes[name]

    def all(self) -> dict[str, str]:
        """{department: mood}."""
        with self._lock:
            return {name: mood.value for name, mood in self._moods.items()}

    def wait_if_slow(self, name: str) -> None:
        """Takes its time when told to."""
        if self[name] is Mood.SLOW:
            time.sleep(self.slow_seconds)
