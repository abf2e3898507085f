"""Routes are kept where the person asked for them with the file, and go when they say so, or with all the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from datasources.wearables.holding import hold
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.models import KeptRoute
from datasources.wearables.points import RouteLeft
from datasources.wearables.queries.routes import count_routes, digest_of, route_in, routes_of, sealed_route, told_in
from datasources.wearables.routes.gathering import MOST_ROUTES, Gathered, Gatherer
from datasources.wearables.routes.shapes import Told, packed
from portal.ledger.actions import record
from portal.ledger.actor import Actor

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# A clock may be a little wrong, and days turn earlier in the east.
_SLACK = timedelta(days=1)
# Seconds of two months on the way.
_LONGEST = 60 * 24 * 3600
_AT_ONCE = 200


@dataclass(frozen=True)
class _Coming:
    """One of a file. Of two recordings of the same route the longer stays: the other broke off."""

    route: Gathered
    digest: bytes

    @property
    def length(self) -> tuple[int, int]:
        return self.route.told.seconds or 0, self.route.told.metres


def keep_routes(person: UUID, routes: Gatherer, *, key: bytes, by: Actor, at: datetime) -> None:
    """Keep what a file told, each once; what became of each is told to `routes`.

    Within a scope that covers the person, under the lock on them that the caller holds.
    """
    coming = _each_once(routes, key=key, at=at)
    held = KeptRoute.objects.filter(person_id=person, digest__in=list(coming)).defer("sealed_places")
    for row in held:
        one = coming.pop(bytes(row.digest))
        routes.merged += 1
        told = told_in(row, key)
        if told is None or one.length > (told.seconds or 0, told.metres):
            sealed = sealed_route(one.route.told, one.route.body, of=row.pk, person=person, key=key)
            KeptRoute.objects.filter(pk=row.pk).update(**sealed)
    new = sorted(coming.values(), key=lambda one: _begun(one.route.told), reverse=True)
    room = max(MOST_ROUTES - count_routes(person), 0) if new else 0
    KeptRoute.objects.bulk_create((_row(one, person, key=key, at=at) for one in new[:room]), batch_size=_AT_ONCE)
    routes.kept = len(new[:room])
    routes.left[RouteLeft.TOO_MANY] += len(new[room:])
    if routes.kept:
        record(WearableEntry.ROUTES_KEPT, by=by, about=person, at=at, counts={"routes": routes.kept})


def _each_once(routes: Gatherer, *, key: bytes, at: datetime) -> dict[bytes, _Coming]:
    found: dict[bytes, _Coming] = {}
    for each in routes.gathered():
        if not _can_be(each.told, at=at):
            routes.left[RouteLeft.WRONG_TIME] += 1
            continue
        one = _Coming(each, digest_of(each.told, each.begin, each.body, key=key))
        before = found.get(one.digest)
        if before is not None:
            routes.merged += 1
        if before is None or one.length > before.length:
            found[one.digest] = one
    return found


def _can_be(told: Told, *, at: datetime) -> bool:
    if told.begun_at is None or told.seconds is None:
        return True
    return _EARLIEST <= told.begun_at <= at + _SLACK and told.seconds <= _LONGEST


def _begun(told: Told) -> datetime:
    return told.begun_at or _EARLIEST


def _row(one: _Coming, person: UUID, *, key: bytes, at: datetime) -> KeptRoute:
    row = uuid4()
    sealed = sealed_route(one.route.told, one.route.body, of=row, person=person, key=key)
    return KeptRoute(pk=row, person_id=person, digest=one.digest, kept_at=at, **sealed)


def forget_route(person: UUID, route: UUID, *, by: Actor, at: datetime) -> bool:
    """Remove one; False where it is not theirs, or gone. Within the person's scope."""
    return _removed(person, {"pk": route}, by=by, at=at) > 0


def forget_routes(person: UUID, *, by: Actor, at: datetime) -> int:
    """Remove all of them, and nothing else; how many. Within the person's scope."""
    return _removed(person, {}, by=by, at=at)


def _removed(person: UUID, which: Mapping[str, UUID], *, by: Actor, at: datetime) -> int:
    hold(person)
    count, _ = KeptRoute.objects.filter(person_id=person, **which).delete()
    if count:
        record(WearableEntry.ROUTE_REMOVED, by=by, about=person, at=at, counts={"routes": count})
    return count


def drop_routes(person: UUID, goes: Callable[[Told], bool], *, key: bytes) -> int:
    """Of a removal: routes of a source or a period; how many. Under the lock that the caller holds."""
    gone = [each.id for each in routes_of(person, key=key) if each.told is not None and goes(each.told)]
    KeptRoute.objects.filter(person_id=person, pk__in=gone).delete()
    return len(gone)


def join_routes(goes: UUID, stays: UUID, *, old: bytes, new: bytes) -> None:
    """Seal anew for `stays` what `goes` kept; what both kept stays once. Within the worker's scope of both."""
    for row in KeptRoute.objects.filter(person_id=goes).iterator(_AT_ONCE):
        route = route_in(row, old)
        if route is None:
            row.delete()
            continue
        body, begin = packed(route.pieces), next(route.places)
        digest = digest_of(route.told, begin, body, key=new)
        if KeptRoute.objects.filter(person_id=stays, digest=digest).exists():
            row.delete()
            continue
        sealed = sealed_route(route.told, body, of=row.pk, person=stays, key=new)
        KeptRoute.objects.filter(pk=row.pk).update(person_id=stays, digest=digest, **sealed)
