"""What is on its way while the person looks: how often a page may look again, and for which departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from datasources.queries.holdings import DepartmentCard

# Departments have three seconds to answer; whoever is later is looked for at leisure.
_SOON = timedelta(seconds=5)
_WAITS = {"fast": "300ms", "slow": "3s"}


@dataclass(frozen=True)
class Arriving:
    """Slugs of departments that are being asked, and the pace at which to look; `came`: some answered meanwhile."""

    departments: tuple[str, ...]
    pace: str
    came: bool = False

    @property
    def wait(self) -> str:
        """From one look to the next, as htmx writes it."""
        return _WAITS[self.pace]


def arriving_of(departments: Sequence[DepartmentCard], *, now: datetime, came: bool = False) -> Arriving:
    """What these departments still owe the page."""
    asked = [each for each in departments if each.arriving]
    moments = [each.source.asked_at for each in asked if each.source and each.source.asked_at]
    pace = "slow" if moments and now - max(moments) > _SOON else "fast"
    return Arriving(tuple(each.slug for each in asked), pace, came)
