"""Taking a package: by a link that lives five minutes, leads there once, and only where it was asked for (ASVS 14)."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.requests.enums import RequestKind, RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.models import Package, Piece, Request
from portal.walls import Role, scope

LIVES = timedelta(minutes=5)
_BYTES = 32


def newest_package(request: UUID, *, at: datetime) -> Package | None:
    """What can be taken of a request that was not taken back; within the person's scope."""
    rows = Package.objects.filter(request=request, expires_at__gt=at).exclude(request__state=RequestState.WITHDRAWN)
    return rows.order_by("-edition").first()


def make_link(package: Package, *, session: str, at: datetime) -> str:
    """The token of a link to it; an older link to the same leads nowhere from now on. Within the person's scope."""
    token = secrets.token_urlsafe(_BYTES)
    told = {"link": _digest(token), "link_session": _digest(session), "link_until_at": at + LIVES}
    Package.objects.filter(pk=package.pk).update(**told)
    return token


def follow_link(request: UUID, token: str, *, session: str, by: Actor, at: datetime) -> Package | None:
    """The package that it leads to, once; None for every reason alike. An entry is left, within the person's scope."""
    mine = {"link": _digest(token), "link_session": _digest(session), "link_until_at__gt": at, "expires_at__gt": at}
    found = Package.objects.filter(request=request, **mine).exclude(request__state=RequestState.WITHDRAWN)
    package = found.select_related("request__leaving").first()
    spent = {"link": None, "link_session": None, "link_until_at": None, "taken_at": at}
    # Of two who press at once, one finds the link still there.
    if package is None or not Package.objects.filter(pk=package.pk, link=_digest(token)).update(**spent):
        return None
    is_chosen = package.request.kind == RequestKind.MOVE
    counts = {"rows": package.rows} | ({"to": package.request.leaving.receiver} if is_chosen else {})
    kind = RequestEntry.MOVE_TAKEN if is_chosen else RequestEntry.DOWNLOADED
    told = {"reference": package.request.number, "counts": counts}
    record(kind, by=by, about=package.person_id, at=at, **told)  # type: ignore[arg-type]
    return package


def remove_packages(request: UUID) -> None:
    """The request was taken back: nothing of it is kept. Opens its own scope."""
    with scope(Role.WORKER):
        if Request.objects.filter(pk=request, state=RequestState.WITHDRAWN).exists():
            forget_packages(request)


def forget_packages(request: UUID) -> None:
    """Nothing of a request's packages is kept. Worker's scope."""
    _remove(Package.objects.filter(request=request))


def remove_old_packages(*, at: datetime) -> int:
    """Remove those whose time is over; how many. Opens its own scope."""
    with scope(Role.WORKER):
        return _remove(Package.objects.filter(expires_at__lte=at))


def _remove(packages: QuerySet[Package]) -> int:
    ids = list(packages.values_list("pk", flat=True))
    Piece.objects.filter(package__in=ids).delete()
    Package.objects.filter(pk__in=ids).delete()
    return len(ids)


def _digest(told: str) -> bytes:
    return sha256(told.encode()).digest()
