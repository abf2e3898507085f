"""What a resident says of each item: accepted, refused, undone, removed. Nothing is chosen for them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.kinds import ArrivalEntry
from datasources.transfers.arriving.sealing import hold, moved_key
from datasources.transfers.enums import UNDER_WAY, ArrivalState, ItemState, Outcome
from datasources.transfers.models import Arrival, Item
from portal.ledger.actions import record
from portal.ledger.actor import Actor


def accept(item: UUID, *, rulebook: str, person: UUID, by: Actor, at: datetime) -> Outcome:
    """It is kept from now on, just as it came. Twice is once. Within a scope that covers the person.

    `rulebook`: the version that this city keeps; empty before it adopted any.
    """
    hold(person)
    row = Item.objects.filter(pk=item, person_id=person).defer("sealed_body", "sealed_told").first()
    if row is None or (row.goes_at is not None and row.goes_at <= at):
        return Outcome.GONE
    if row.state == ItemState.ACCEPTED:
        return Outcome.ALREADY
    kept = {"state": ItemState.ACCEPTED, "accepted_at": at, "goes_at": None, "rulebook": rulebook}
    Item.objects.filter(pk=item).update(**kept)
    Arrival.objects.filter(pk=row.arrival_id, accepted_at=None).update(accepted_at=at)
    _tell(ArrivalEntry.ACCEPTED, row, by=by, at=at, rulebook=rulebook)
    return Outcome.DONE


def decline(item: UUID, *, person: UUID, by: Actor, at: datetime) -> Outcome:
    """It is not taken in: it goes with the rest, and until then it may be taken in after all."""
    hold(person)
    row = Item.objects.filter(pk=item, person_id=person).defer("sealed_body", "sealed_told").first()
    if row is None or (row.goes_at is not None and row.goes_at <= at):
        return Outcome.GONE
    if row.state != ItemState.WAITING:
        return Outcome.ALREADY
    Item.objects.filter(pk=item).update(state=ItemState.REFUSED)
    _tell(ArrivalEntry.DECLINED, row, by=by, at=at)
    return Outcome.DONE


def undo(item: UUID, *, person: UUID, by: Actor, at: datetime) -> Outcome:
    """As if nothing had been answered: while its package still waits. It goes with the rest then."""
    hold(person)
    row = Item.objects.filter(pk=item, person_id=person).defer("sealed_body", "sealed_told").first()
    if row is None or (row.goes_at is not None and row.goes_at <= at):
        return Outcome.GONE
    if row.state == ItemState.WAITING:
        return Outcome.ALREADY
    package = Arrival.objects.filter(pk=row.arrival_id, state=ArrivalState.READY, goes_at__gt=at).first()
    if package is None:
        return Outcome.GONE
    waits = {"state": ItemState.WAITING, "accepted_at": None, "goes_at": package.goes_at, "rulebook": ""}
    Item.objects.filter(pk=item).update(**waits)
    if not Item.objects.filter(arrival_id=package.pk, state=ItemState.ACCEPTED).exists():
        # Nothing of it was taken in: it may be brought again.
        Arrival.objects.filter(pk=package.pk).update(accepted_at=None)
    _tell(ArrivalEntry.UNDONE, row, by=by, at=at)
    return Outcome.DONE


def remove(item: UUID, *, person: UUID, by: Actor, at: datetime) -> Outcome:
    """What was taken in goes again, at once and for good; the entry stays."""
    hold(person)
    rows = Item.objects.filter(pk=item, person_id=person, state=ItemState.ACCEPTED)
    row = rows.defer("sealed_body", "sealed_told").first()
    if row is None:
        return Outcome.GONE
    rows.delete()
    _tell(ArrivalEntry.REMOVED, row, by=by, at=at)
    return Outcome.DONE


def forget_all(person: UUID, *, by: Actor, at: datetime) -> None:
    """Everything that arrived goes: packages on their way, what waits, what was accepted. Where nothing is, nothing is
    told. Whose key it lay under ends by whoever calls.

    Within the person's scope, or the worker's.
    """
    hold(person)
    packages = Arrival.objects.filter(person_id=person)
    files = list(packages.filter(state__in=UNDER_WAY).values_list("pk", flat=True))
    count = Item.objects.filter(person_id=person).delete()[0]
    if not packages.delete()[0]:
        return
    for each in files:
        spool.remove(each)
    record(ArrivalEntry.REMOVED, by=by, about=person, at=at, counts={"items": count})


def seal_anew(person: UUID, *, old: bytes, new: Callable[[], bytes]) -> None:
    """The keys of everything that arrived move from under the person's key that ended to the one that comes after.

    Of a thousand items a thousand keys of 32 bytes: what they open is not touched.
    """
    packages = list(Arrival.objects.filter(person_id=person).only("pk", "sealed_key"))
    items = list(Item.objects.filter(person_id=person).only("pk", "sealed_key"))
    if not packages:
        return
    under = new()
    for package in packages:
        package.sealed_key = moved_key(package.sealed_key, of=package.pk, old=old, new=under)
    for item in items:
        item.sealed_key = moved_key(item.sealed_key, of=item.pk, old=old, new=under)
    Arrival.objects.bulk_update(packages, ["sealed_key"], batch_size=200)
    Item.objects.bulk_update(items, ["sealed_key"], batch_size=200)


def _tell(kind: ArrivalEntry, row: Item, *, by: Actor, at: datetime, **more: str) -> None:
    told = {"dataset": row.dataset, "city": row.issuer} | {name: text for name, text in more.items() if text}
    record(kind, by=by, about=row.person_id, at=at, reference=str(row.pk), counts=told)
