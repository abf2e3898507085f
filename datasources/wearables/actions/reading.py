"""An upload is read by a worker: points become days, days are merged, and the raw file goes, whatever came of it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from time import monotonic
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from datasources.wearables import formats, spool
from datasources.wearables.actions.keeping import Kept
from datasources.wearables.actions.routes import keep_routes
from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns
from datasources.wearables.enums import ImportFault, ImportState
from datasources.wearables.holding import file_key, hold
from datasources.wearables.importing import take_in
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.models import Import
from datasources.wearables.queries.figures import choice_of
from datasources.wearables.queries.imports import ImportReport, sealed_report
from datasources.wearables.routes.gathering import Gatherer
from datasources.wearables.troubles import Unusable
from portal.jobs.outbox import after_commit
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.walls import Role, scope

log = structlog.get_logger()
# Nobody who is alive is silent for so long while reading.
SILENT = timedelta(minutes=2)
_LOOK_AGAIN = timedelta(seconds=5)
Clock = Callable[[], datetime]
_TELL_EVERY = 1.0


def read_import(upload: UUID, *, by: Actor, at: datetime, now: Clock) -> None:
    """Read what a person brought, once; broken off and rung again, it begins anew. Opens its own scopes.

    Of one person one file is read at a time: another waits. Nothing of a file that cannot be used is kept.
    """
    row = _claimed(upload, at=at)
    if row is None:
        return
    try:
        with scope(Role.WORKER):
            key = file_key(row)
        with spool.opened(row.pk, key, size=row.size) as file:
            _merge(row, file, by=by, at=at, now=now)
    except Unusable as fault:
        _fail(row, fault.trouble.value, by=by, at=now())
    except _Gone:
        pass
    except Exception as fault:  # noqa: BLE001
        # Whatever it was, the raw file must not stay for a second look. Its message may hold a value: only its kind.
        log.error("wearables.not_read", fault=type(fault).__name__)
        _fail(row, ImportFault.OTHER, by=by, at=now())
    spool.remove(row.pk)


def _claimed(upload: UUID, *, at: datetime) -> Import | None:
    """The import, from now on being read by us; None when it is not to be read, or not now."""
    with scope(Role.WORKER):
        row = Import.objects.filter(pk=upload).first()
        if row is None:
            spool.remove(upload)
            return None
        hold(row.person_id)
        others = Import.objects.filter(person_id=row.person_id, state=ImportState.READING).exclude(pk=upload)
        if others.filter(beat_at__gt=at - SILENT).exists():
            after_commit("wearables.read_import", due_at=at + _LOOK_AGAIN, import_id=upload)
            return None
        # Asked anew under the lock: whoever held it may have read it, or removed it with everything else.
        waits = Import.objects.filter(pk=upload, state__in=(ImportState.WAITING, ImportState.READING))
        if not waits.update(state=ImportState.READING, beat_at=at, points_read=0):
            spool.remove(upload)
            return None
        row.refresh_from_db()
        return row


class _Gone(Exception):
    """Everything was removed while it was read: nothing comes back."""


def _merge(row: Import, file: BinaryIO, *, by: Actor, at: datetime, now: Clock) -> None:
    """Points are read and laid aside outside of every transaction; from the first day on all is merged within one."""
    collector = Collector(ZoneInfo(settings.TIME_ZONE), routes=Gatherer(wanted=row.with_routes))
    priority, opened = list[str](), list[Kept]()
    points = _counted(formats.read(file, collector), row.pk, now=now)
    with ExitStack() as transaction:

        def held() -> Kept:
            if not opened:
                transaction.enter_context(scope(Role.WORKER))
                opened.append(_kept(row, priority))
            return opened[0]

        merged = take_in(
            points,
            collector,
            held=lambda day: held().book(day),
            at=at,
            priority=priority,
            folder=settings.WATCH_SPOOL,
        )
        for day in merged:
            held().put(day.day, day.state, day.figures)
        held().write(at=at)
        _done(row, collector, by=by, at=now())


def _kept(row: Import, priority: list[str]) -> Kept:
    """What the person has, held until the end of the transaction; `priority` is filled with their choice."""
    hold(row.person_id)
    key = existing_person_keys([row.person_id], KeyScope.BROUGHT).get(row.person_id)
    if key is None or not Import.objects.filter(pk=row.pk, state=ImportState.READING).exists():
        raise _Gone
    priority[:] = choice_of(row.person_id, key=key).priority
    return Kept(row.person_id, key, priority=priority)


def _done(row: Import, collector: Collector, *, by: Actor, at: datetime) -> None:
    key = existing_person_keys([row.person_id], KeyScope.BROUGHT)[row.person_id]
    keep_routes(row.person_id, collector.routes, key=key, by=by, at=at)
    told = ImportReport(collector.report())
    report = sealed_report(told, of=row, key=key)
    changes = {"state": ImportState.DONE, "ended_at": at, "sealed_key": None, "sealed_report": report}
    Import.objects.filter(pk=row.pk).update(**changes)
    counts: dict[str, Json] = {
        "added": told.report.added,
        "merged": told.report.merged,
        "apart": told.set_apart,
    }
    record(WearableEntry.READ, by=by, about=row.person_id, at=at, reference=str(row.pk), counts=counts)


def _fail(row: Import, fault: str, *, by: Actor, at: datetime) -> None:
    with scope(Role.WORKER):
        changes = {"state": ImportState.FAILED, "fault": fault, "ended_at": at, "sealed_key": None}
        # A row that is gone was removed with everything else: there is nothing to tell.
        if Import.objects.filter(pk=row.pk, state=ImportState.READING).update(**changes):
            told = {"reference": str(row.pk), "counts": {"fault": fault}}
            record(WearableEntry.NOT_READ, by=by, about=row.person_id, at=at, **told)  # type: ignore[arg-type]


def _counted(points: Iterable[Columns], upload: UUID, *, now: Clock) -> Iterator[Columns]:
    """The same points; how many there were is told now and then, so that the person sees it go on."""
    told_at, number = monotonic(), 0
    for each in points:
        number += len(each)
        if monotonic() - told_at > _TELL_EVERY:
            told_at = monotonic()
            with scope(Role.WORKER):
                Import.objects.filter(pk=upload).update(points_read=number, beat_at=now())
        yield each
    with scope(Role.WORKER):
        Import.objects.filter(pk=upload).update(points_read=number, beat_at=now())
