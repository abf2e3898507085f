"""What was taken along before: by hand, or fetched by another city; and how one of them stands now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from datasources.transfers.arriving.items import accepted_items
from portal.pages.door import ResidentRequest
from portal.pages.matters import requests_made
from portal.pages.other_cities import city_named
from portal.requests.enums import OPEN_STATES, RequestKind, RequestState
from portal.requests.leaving.handing import hand_over_of
from portal.requests.models import Package, Request
from portal.requests.package.links import newest_package

_A_GROUP = 8


def taken_along(request: ResidentRequest) -> QuerySet[Request]:
    """Newest first, with its choice and its hand-over."""
    return requests_made(request).filter(kind=RequestKind.MOVE).select_related("leaving", "hand_over")


@dataclass(frozen=True)
class BroughtTold:
    """One thing that was accepted from another city."""

    item: UUID
    title: str
    city: str
    issued_at: datetime


def brought_along(request: ResidentRequest) -> list[BroughtTold]:
    """What they accepted from other cities, newest first; it is nobody else's to see. Two statements."""
    if request.power is not None:
        return []
    return [
        BroughtTold(each.row.pk, str(each.told.title), city_named(each.row.issuer), each.row.issued_at)
        for each in accepted_items(request.person)
    ]


@dataclass(frozen=True)
class Carried:
    """A package as the page of its request tells it: `file` is what can be taken now, none where a city fetches it.

    `groups` is the SHA-256 of the file, to be compared by eye.
    """

    request: UUID
    receiver: str
    for_receiver_only: bool
    is_open: bool
    taken_back: bool
    made_at: datetime | None
    valid_until: datetime | None
    groups: str
    file: Package | None
    handed_at: datetime | None
    fetched_at: datetime | None
    ended: bool

    @property
    def is_fetched(self) -> bool:
        """A city comes for it, or came: there is nothing to download."""
        return self.handed_at is not None

    @property
    def is_being_made(self) -> bool:
        """The page looks again in a moment."""
        return self.is_open and not self.is_fetched


def carried_of(request: Request, *, may_take: bool, at: datetime) -> Carried:
    """Three statements. `may_take`: whoever looks may download it."""
    leaving = request.leaving
    handed = hand_over_of(request)
    package = newest_package(request.pk, at=at)
    return Carried(
        request=request.pk,
        receiver=city_named(leaving.receiver) if leaving.receiver else "",
        for_receiver_only=leaving.for_receiver_only,
        is_open=request.state in OPEN_STATES,
        taken_back=request.state == RequestState.WITHDRAWN,
        made_at=package.made_at if package else None,
        valid_until=leaving.valid_until_at,
        groups=" ".join(leaving.digest[at : at + _A_GROUP] for at in range(0, len(leaving.digest), _A_GROUP)),
        file=package if may_take and handed is None else None,
        handed_at=handed.agreed_at if handed else None,
        fetched_at=handed.fetched_at if handed else None,
        ended=bool(handed and handed.ended_at),
    )
