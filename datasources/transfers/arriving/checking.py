"""A package is looked through by a worker; when it holds, its items wait for answers, and its file is gone."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID, uuid4

import structlog
from django.db.models import Q

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.errors import TooLarge
from datasources.transfers.arriving.kinds import ArrivalEntry
from datasources.transfers.arriving.sealing import (
    brought_key,
    hold,
    key_in,
    sealed_files,
    sealed_thing,
    wrapped_key,
)
from datasources.transfers.arriving.telling import report_of_package, told_of_item
from datasources.transfers.enums import KEPT_FOR, UNDER_WAY, ArrivalState, Fault
from datasources.transfers.issuing import verify_brought
from datasources.transfers.models import Arrival, Item
from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.sealing import is_sealed, unseal
from datasources.transfers.package.shape import Head, Listed
from datasources.transfers.package.verifying import Verified
from portal.jobs.outbox import after_commit, is_waiting
from portal.keys.package_keys import opening_key
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.people.actions import identity_code_of
from portal.people.models import Person
from portal.walls import Role, scope

log = structlog.get_logger()
Clock = Callable[[], datetime]
# Nobody who is alive is silent for so long while checking.
SILENT = timedelta(minutes=5)
# A city that does not answer when it is asked for its keys is asked again, for so long since the person began.
ASKED_AGAIN_AFTER, ASKED_AGAIN_FOR = timedelta(seconds=30), timedelta(minutes=20)


def check_arrival(arrival: UUID, *, by: Actor, at: datetime, now: Clock) -> None:
    """Check what a person brought, once; broken off and rung again, it begins anew. Opens its own scopes.

    Nothing of a package that is refused is kept: its file goes whatever came of it. Only while the city that made it
    cannot be asked for its keys does it wait, sealed.
    """
    found = _claimed(arrival, at=at)
    if found is None:
        return
    row, key, code = found
    try:
        with spool.opened(row.pk, key, size=row.size) as file, package_in(file) as package:
            verified = verify_brought(package, code, seen=lambda head: _was_seen(row, head), at=at)
            _keep(row, verified, key=key, by=by, now=now)
    except Refused as refusal:
        if refusal.reason is Reason.KEYS_UNREACHABLE and _waits_for_keys(row, at=now()):
            return
        _turn_away(row, refusal.reason.value, by=by, at=now())
    except Exception as fault:  # noqa: BLE001
        # Whatever it was, the file must not stay for a second look. Its message may hold a value: only its kind.
        log.error("transfers.not_checked", fault=type(fault).__name__)
        _turn_away(row, Fault.OTHER, by=by, at=now())
    spool.remove(row.pk)


def _claimed(arrival: UUID, *, at: datetime) -> tuple[Arrival, bytes, str] | None:
    """(The arrival, from now on being checked by us, what opens its file, its person's identity code)."""
    with scope(Role.WORKER):
        free = Q(state=ArrivalState.WAITING) | Q(state=ArrivalState.CHECKING, beat_at__lte=at - SILENT)
        mine = Arrival.objects.filter(free, pk=arrival)
        if not mine.update(state=ArrivalState.CHECKING, beat_at=at):
            _leave(arrival)
            return None
        row = Arrival.objects.get(pk=arrival)
        under = brought_key(row.person_id)
        if under is None:
            return None
        code = identity_code_of(Person.objects.get(pk=row.person_id))
        return row, key_in(row.sealed_key, of=row.pk, under=under), code


def _leave(arrival: UUID) -> None:
    """Somebody else is at it, and may be dead: then whoever is rung later goes on. Or it is over."""
    row = Arrival.objects.filter(pk=arrival, state__in=UNDER_WAY).first()
    if row is None:
        spool.remove(arrival)
    elif row.beat_at is not None and not is_waiting("transfers.check_arrival", arrival_id=arrival):
        after_commit("transfers.check_arrival", due_at=row.beat_at + SILENT, arrival_id=arrival)


def nonce_digest(head: Head) -> bytes:
    """By which a package is known again: nothing of it can be read from this."""
    return hashlib.sha256(f"{head.city}\n{head.nonce}".encode()).digest()


def _was_seen(row: Arrival, head: Head) -> bool:
    with scope(Role.WORKER):
        return _is_known(row, nonce_digest(head))


def _is_known(row: Arrival, digest: bytes) -> bool:
    """Something of it was accepted, or it waits for answers at this moment."""
    same = Arrival.objects.filter(person_id=row.person_id, nonce_digest=digest).exclude(pk=row.pk)
    return same.filter(Q(accepted_at__isnull=False) | Q(state=ArrivalState.READY)).exists()


def _keep(row: Arrival, verified: Verified, *, key: bytes, by: Actor, now: Clock) -> None:
    """All of it or nothing, in one transaction: its items, each under a key of its own."""
    head = verified.manifest.head
    digest = nonce_digest(head)
    with scope(Role.WORKER):
        hold(row.person_id)
        at = now()
        # Asked anew under the lock: everything may have been erased meanwhile, or its twin was quicker.
        if not Arrival.objects.filter(pk=row.pk, state=ArrivalState.CHECKING).exists():
            return
        if _is_known(row, digest):
            raise Refused(Reason.SEEN_BEFORE)
        goes_at = at + KEPT_FOR
        Item.objects.bulk_create(_items(row, verified, goes_at=goes_at), batch_size=50)
        row.sealed_report = sealed_thing(report_of_package(verified), "report", of=row.pk, key=key)
        row.state, row.city, row.nonce_digest, row.goes_at = ArrivalState.READY, head.city, digest, goes_at
        row.sealed_errand = row.state_digest = None
        row.save()
        told: dict[str, Json] = {"items": len(verified.manifest.items), "city": head.city}
        record(ArrivalEntry.CHECKED, by=by, about=row.person_id, at=at, reference=str(row.pk), counts=told)


def _items(row: Arrival, verified: Verified, *, goes_at: datetime) -> Iterator[Item]:
    for number, listed in enumerate(verified.manifest.items):
        yield _item(row, number, listed, verified, goes_at=goes_at)


def _item(row: Arrival, number: int, listed: Listed, verified: Verified, *, goes_at: datetime) -> Item:
    head, pk, key = verified.manifest.head, uuid4(), spool.new_key()
    schema: dict[str, Any] = verified.schema(listed)
    files = {"rows": verified.read(listed.json), "schema": verified.read(listed.schema)}
    return Item(
        pk=pk,
        person_id=row.person_id,
        arrival_id=row.pk,
        number=number,
        dataset=listed.dataset,
        issuer=head.city,
        key_id=verified.kid,
        issued_at=head.issued,
        row_count=listed.row_count,
        sealed_key=wrapped_key(key, of=pk, person=row.person_id),
        sealed_told=sealed_thing(told_of_item(listed, head, schema), "told", of=pk, key=key),
        sealed_body=sealed_files(files, of=pk, key=key),
        goes_at=goes_at,
    )


def _waits_for_keys(row: Arrival, *, at: datetime) -> bool:
    if at + ASKED_AGAIN_AFTER > row.began_at + ASKED_AGAIN_FOR:
        return False
    with scope(Role.WORKER):
        checked = Arrival.objects.filter(pk=row.pk, state=ArrivalState.CHECKING)
        if not checked.update(state=ArrivalState.WAITING, beat_at=at):
            return False
        after_commit("transfers.check_arrival", due_at=at + ASKED_AGAIN_AFTER, arrival_id=row.pk)
    return True


def _turn_away(row: Arrival, fault: str, *, by: Actor, at: datetime) -> None:
    with scope(Role.WORKER):
        ended = {"state": ArrivalState.FAILED, "fault": fault, "ended_at": at, "sealed_errand": None}
        # A row that is gone was removed with everything else: there is nothing to tell.
        if Arrival.objects.filter(pk=row.pk, state=ArrivalState.CHECKING).update(state_digest=None, **ended):
            record(
                ArrivalEntry.TURNED_AWAY,
                by=by,
                about=row.person_id,
                at=at,
                reference=str(row.pk),
                counts={"fault": fault},
            )


@contextmanager
def package_in(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The package itself, also where it came sealed to this city's key: then it lies beside, sealed anew. Refused."""
    if not is_sealed(file):
        yield file
        return
    beside, key = uuid4(), spool.new_key()
    into = spool.Spooled(beside, key)
    try:
        unseal(file, into, opening_key)
        into.close()
        with spool.opened(beside, key, size=into.size) as package:
            yield package
    except TooLarge:
        raise Refused(Reason.TOO_LARGE) from None
    finally:
        into.throw_away()
