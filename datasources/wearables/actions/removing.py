"""Removing and choosing: what a person decides about what they brought, at once. The entry stays."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils.timezone import localdate

from datasources.actions.brought_key import end_brought_key
from datasources.wearables import spool
from datasources.wearables.actions.keeping import Change, Kept
from datasources.wearables.actions.routes import drop_routes
from datasources.wearables.actions.tying import cut_all
from datasources.wearables.enums import OPEN
from datasources.wearables.holding import hold
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.models import Choice, DayBooks, Figures, Import, KeptRoute, Tie
from datasources.wearables.points import Device
from datasources.wearables.queries.figures import choice_of, held_by
from datasources.wearables.queries.sealed import sealed_thing
from datasources.wearables.routes.shapes import Told
from datasources.wearables.rules import without
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, key_begun
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json

_BROUGHT = (Figures, DayBooks, KeptRoute, Choice, Import)


def forget_source(person: UUID, source: str, device: Device, *, by: Actor, at: datetime) -> int:
    """Remove all that one device or app measured, routes too; how many days changed. Within the person's scope.

    Where another had measured at the same time, that counts from now on.
    """

    def is_its(route: Told) -> bool:
        return (route.source, route.device) == (source, device)

    return _changed(person, lambda _, book: without(book, source, device.value), is_its, told="source", by=by, at=at)


def forget_period(person: UUID, since: date, until: date, *, by: Actor, at: datetime) -> int:
    """Remove the days from `since` until `until`, both included, and the routes that began on them."""

    def is_then(route: Told) -> bool:
        return route.begun_at is not None and since <= localdate(route.begun_at) <= until

    return _changed(
        person, lambda day, book: None if since <= day <= until else book, is_then, told="period", by=by, at=at
    )


def forget_all(person: UUID, *, by: Actor, at: datetime) -> None:
    """Remove everything that was ever brought, with the key that it lay under: backups cannot be read either. What is
    tied is cut, here and at the other end.

    Within the person's scope, or the worker's. What is being read at this moment comes to nothing. Where nothing is,
    nothing is told.
    """
    hold(person)
    if not any(model.objects.filter(person_id=person).exists() for model in (*_BROUGHT, Tie)):
        return
    files = list(Import.objects.filter(person_id=person, state__in=OPEN).values_list("pk", flat=True))
    days = len({each.day for each in held_by(person).figures})
    cut_all(person, by=by, at=at)
    for model in _BROUGHT:
        model.objects.filter(person_id=person).delete()
    end_brought_key(person, at=at)
    if spool.is_set_up():
        for upload in files:
            spool.remove(upload)
    record(WearableEntry.REMOVED, by=by, about=person, at=at, counts={"what": "all", "days": days})


def choose(
    person: UUID,
    *,
    priority: Sequence[Device] | None = None,
    days_shared: int | None = None,
    area: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Which device goes first where several measured at once; how many days are handed over; in which postcode steps
    are counted together. None: as it was.
    """
    hold(person)
    row = Choice.objects.filter(person_id=person).first() or Choice(pk=uuid4(), person_id=person)
    counts: dict[str, Json] = {}
    if days_shared is not None:
        row.days_shared = counts["days"] = days_shared
    key = b"" if area is None and priority is None else key_begun(person, KeyScope.BROUGHT)
    if area is not None:
        row.sealed_area = sealed_thing(area, "area", of=row.pk, person=person, key=key)
    if priority is not None:
        told = [each.value for each in priority]
        row.sealed_priority = sealed_thing(told, "priority", of=row.pk, person=person, key=key)
        kept = Kept(person, key, priority=priority)
        kept.change(lambda _, book: book)
        kept.write(at=at)
    row.changed_at = at
    row.save()
    record(WearableEntry.CHOSEN, by=by, about=person, at=at, counts=counts)


def _changed(
    person: UUID, change: Change, route_goes: Callable[[Told], bool], *, told: str, by: Actor, at: datetime
) -> int:
    hold(person)
    key, days, routes = existing_person_keys([person], KeyScope.BROUGHT).get(person), 0, 0
    if key:
        kept = Kept(person, key, priority=choice_of(person, key=key).priority)
        days = kept.change(change)
        kept.write(at=at)
        routes = drop_routes(person, route_goes, key=key)
    counts: dict[str, Json] = {"what": told, "days": days}
    record(WearableEntry.REMOVED, by=by, about=person, at=at, counts=counts | ({"routes": routes} if routes else {}))
    return days
