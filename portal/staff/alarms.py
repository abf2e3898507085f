"""What the front page of the back office warns of: each room says itself when something is not as it should be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Alarm:
    """A sentence, and the page that tells more."""

    sentence: str
    url: str


Rings = Callable[[HttpRequest], Iterator[Alarm]]
_rings: list[Rings] = []


def rings(look: Rings) -> Rings:
    """Ask this each time somebody comes in, within their scope. It tells a reader nothing that they may not see."""
    _rings.append(look)
    return look


def alarms_for(request: HttpRequest) -> list[Alarm]:
    """All that there is to warn this reader of."""
    return [alarm for look in _rings for alarm in look(request)]
