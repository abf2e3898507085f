"""What the front page of the back office begins with: each room tells what there waits for its reader to be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest


@dataclass(frozen=True)
class Task:
    """One thing to do, in words, and its page; of whom it is, stands nowhere in it."""

    kind: str
    due_on: date
    left: str
    department: str
    number: str
    state: str
    who: str
    url: str


Waits = Callable[[HttpRequest], Iterator[Task]]
_waits: list[Waits] = []


def waits(look: Waits) -> Waits:
    """Ask this each time somebody comes in, within their scope. It tells a reader nothing that they may not see."""
    _waits.append(look)
    return look


def tasks_of(request: HttpRequest) -> list[Task]:
    """All that waits for this reader, the most urgent first."""
    return sorted((task for look in _waits for task in look(request)), key=lambda task: (task.due_on, task.number))
