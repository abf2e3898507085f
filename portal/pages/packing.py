"""How far a package of everything is, as the page of its request tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.pages.package.contents import name_parts
from portal.requests.enums import OPEN_STATES, PartState
from portal.requests.models import Package, Part, Request
from portal.requests.package.links import newest_package

# By then it was made, were it with everything missing; and what is not here any more was removed.
_MADE_BY_NOW = timedelta(hours=48)
_ASKED = (PartState.WAITING, PartState.WORKING)


@dataclass(frozen=True)
class Packing:
    """`asked` of `sources` have answered. `silent` did not answer and are asked again until `until`; `lost` never did.

    `package` is what can be taken now; `gone`: there was one, and its time is over.
    """

    request: UUID
    sources: int
    answered: int
    silent: Sequence[str]
    lost: Sequence[str]
    by_hand: Sequence[str]
    until: datetime | None
    package: Package | None
    gone: bool

    @property
    def is_being_made(self) -> bool:
        """Something comes by itself in a moment: the page looks again."""
        return self.package is None and not self.gone


def packing_of(request: Request, *, at: datetime) -> Packing:
    """Three statements, and two more where something is named."""
    parts = list(request.parts.order_by("department", "source"))
    asked = [part for part in parts if part.state != PartState.BY_HAND]
    tried = [part for part in asked if part.state in _ASKED and part.fault]
    package = newest_package(request.pk, at=at)
    return Packing(
        request=request.pk,
        sources=len(asked),
        answered=sum(part.state == PartState.DONE for part in asked),
        silent=name_parts(tried),
        lost=name_parts(_in(asked, PartState.FAILED)),
        by_hand=name_parts(_in(parts, PartState.BY_HAND)),
        until=max((part.deadline_at for part in tried), default=None),
        package=package,
        gone=package is None and (request.state not in OPEN_STATES or at - request.received_at > _MADE_BY_NOW),
    )


def _in(parts: Sequence[Part], state: PartState) -> list[Part]:
    return [part for part in parts if part.state == state]
