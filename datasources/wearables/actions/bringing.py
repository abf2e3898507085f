"""A file arrives: whole, or part by part. From its first byte it is sealed; its key stands in its row alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from datasources.wearables import spool
from datasources.wearables.enums import OPEN, ImportFault, ImportState
from datasources.wearables.errors import Empty, NothingWaits, NotInTurn, TooLarge, TooMany
from datasources.wearables.holding import file_key, new_upload, sealed_key
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.models import Import
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

# What nobody goes on with goes.
GIVEN_UP_AFTER = timedelta(hours=6)
# Of one person: nobody fills the disk alone.
MOST_AT_ONCE = 3


def begin(*, person: UUID, size: int, with_routes: bool = False, by: Actor, at: datetime) -> Import:
    """A file of `size` bytes will come in parts; within the person's scope. Empty, TooLarge, TooMany.

    `with_routes`: they ask that its routes be kept for themselves; else those are dropped.
    """
    _let_in(person, size)
    begun = {"size": size, "received": 0, "with_routes": with_routes, "began_at": at}
    return _made(new_upload(), person, spool.new_key(), ImportState.ARRIVING, begun)


def receive(upload: UUID, part: bytes, *, person: UUID, begins: int, by: Actor, at: datetime) -> Import:
    """The bytes from `begins` on, within the person's scope; the last part makes the file wait to be read.

    What is here already is told by `received`, so that a part that came twice is once. NothingWaits, NotInTurn, NoRoom:
    of the last two nothing is kept.
    """
    row = Import.objects.select_for_update().filter(pk=upload, person_id=person, state=ImportState.ARRIVING).first()
    if row is None or row.sealed_key is None:
        raise NothingWaits
    if begins != row.received:
        return row
    if not part or begins + len(part) > row.size or (begins + len(part) < row.size and len(part) % spool.CHUNK):
        raise NotInTurn
    file = spool.Spooled(row.pk, file_key(row), at=begins)
    file.write(part)
    file.close()
    row.received, row.beat_at = file.size, at
    if row.received == row.size:
        row.state = ImportState.WAITING
        _leave(row, by=by, at=at)
    row.save(update_fields=["received", "beat_at", "state"])
    return row


def take_in(
    upload: UUID, key: bytes, *, size: int, person: UUID, with_routes: bool = False, by: Actor, at: datetime
) -> Import:
    """A file that came whole and lies in the spool waits to be read; within the person's scope. Empty, TooMany.

    `with_routes` as of `begin`.
    """
    _let_in(person, size)
    begun = {"size": size, "received": size, "with_routes": with_routes, "began_at": at}
    row = _made(upload, person, key, ImportState.WAITING, begun)
    _leave(row, by=by, at=at)
    return row


def give_up(upload: UUID, fault: str, *, person: UUID, by: Actor, at: datetime) -> None:
    """Nothing comes of it, and nothing of it stays but that it was; within the person's scope."""
    rows = Import.objects.filter(pk=upload, person_id=person, state__in=OPEN)
    if rows.update(state=ImportState.FAILED, fault=fault, ended_at=at, sealed_key=None):
        record(WearableEntry.NOT_READ, by=by, about=person, at=at, reference=str(upload), counts={"fault": fault})
    spool.remove(upload)


def sweep(*, by: Actor, at: datetime) -> int:
    """Files that nobody goes on with go, with their keys; how many. Opens its own scope."""
    if not spool.is_set_up():
        return 0
    with scope(Role.WORKER):
        rows = Import.objects.select_for_update().filter(state__in=OPEN)
        old = [row.pk for row in rows if (row.beat_at or row.began_at) < at - GIVEN_UP_AFTER]
        told = {"state": ImportState.FAILED, "fault": ImportFault.BROKEN_OFF, "ended_at": at, "sealed_key": None}
        Import.objects.filter(pk__in=old).update(**told)
        needed = list(Import.objects.filter(state__in=OPEN).values_list("pk", flat=True))
    return spool.remove_older(at - GIVEN_UP_AFTER, but=needed)


def _let_in(person: UUID, size: int) -> None:
    if size <= 0:
        raise Empty
    if size > spool.LARGEST:
        raise TooLarge
    if Import.objects.filter(person_id=person, state__in=OPEN).count() >= MOST_AT_ONCE:
        raise TooMany


def _made(upload: UUID, person: UUID, key: bytes, state: ImportState, begun: Mapping[str, Any]) -> Import:
    sealed = sealed_key(upload, key, person=person)
    return Import.objects.create(pk=upload, person_id=person, state=state, sealed_key=sealed, **begun)


def _leave(row: Import, *, by: Actor, at: datetime) -> None:
    record(WearableEntry.BROUGHT, by=by, about=row.person_id, at=at, reference=str(row.pk))
    after_commit("wearables.read_import", due_at=at, import_id=row.pk)
