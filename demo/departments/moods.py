"""How each department behaves just now."""

import threading
import time
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


class Moods:
    """The moods of all departments; changes wake nobody, each system looks when it answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moods = dict.fromkeys(NAMES, Mood.OK)
        self.slow_seconds = SLOW_SECONDS

    def __getitem__(self, name: str) -> Mood:
        with self._lock:
            return self._moods[name]

    def set(self, name: str, mood: Mood) -> None:
        """KeyError for a department that is not there."""
        with self._lock:
            if name not in self._moods:
                raise KeyError(name)
            self._moods[name] = mood

    def all(self) -> dict[str, str]:
        """{department: mood}."""
        with self._lock:
            return {name: mood.value for name, mood in self._moods.items()}

    def wait_if_slow(self, name: str) -> None:
        """Takes its time when told to."""
        if self[name] is Mood.SLOW:
            time.sleep(self.slow_seconds)
