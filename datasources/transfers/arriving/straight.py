"""Straight from another city: to its page and back, then fetched by a worker (RFC 6749, 7636, 9207).

What was begun is good once, for ten minutes, in the browser that began it. The city that hands over is never told what
is kept.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.conf import settings

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.calling import (
    CALL_LIVES,
    BeingMade,
    CityIsSilent,
    CityRefuses,
    Traded,
    package_by,
    signed_call,
    token_by,
)
from datasources.transfers.arriving.errors import NotTakenIn
from datasources.transfers.arriving.kinds import ArrivalEntry
from datasources.transfers.arriving.sealing import brought_key, key_in, opened_thing, sealed_thing, wrapped_key
from datasources.transfers.arriving.taking import let_in
from datasources.transfers.enums import ASKED_FOR, ArrivalState, Fault, Way
from datasources.transfers.models import Arrival
from datasources.transfers.trust.cities import TrustedCity, trusted_city
from portal.cities import city
from portal.jobs.outbox import after_commit, is_waiting
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

log = structlog.get_logger()
# Nobody who is alive is silent for so long while fetching; a code outlives it, so that another goes on in time.
LEASE = timedelta(seconds=25)
_RENEWED_AFTER = 5.0
# Seconds between one try and the next, where the other city does not answer.
_TRIES = (2, 5, 15, 30, 60)
_LONGEST = 2048
# As long as the other city's token lives.
_GIVES_UP = timedelta(minutes=15)
Errand = dict[str, Any]


@dataclass(frozen=True)
class CameBack:
    """What the browser brought from the other city, as its address says it."""

    state: str = field(repr=False)
    issuer: str
    code: str = field(repr=False)
    error: str


def address_back() -> str:
    """Where the other city sends the browser: in no language, to the letter."""
    return f"{settings.PUBLIC_URL}/transfers/arrived"


def begin(other: TrustedCity, *, person: UUID, language: str, by: Actor, at: datetime) -> tuple[Arrival, str]:
    """(The arrival, the address of the other city's page). Within the person's scope. TooMany."""
    let_in(person)
    state, verifier, key = secrets.token_urlsafe(32), secrets.token_urlsafe(48), spool.new_key()
    row = Arrival(
        person_id=person, way=Way.STRAIGHT, state=ArrivalState.ASKED, city=other.slug, began_at=at,
        state_digest=hashlib.sha256(state.encode()).digest(),
    )  # fmt: skip
    row.sealed_key = wrapped_key(key, of=row.pk, person=person)
    row.sealed_errand = sealed_thing({"verifier": verifier, "tries": 0}, "errand", of=row.pk, key=key)
    row.save(force_insert=True)
    record(ArrivalEntry.ASKED, by=by, about=person, at=at, reference=str(row.pk), counts={"city": other.slug})
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": city().slug,
        "redirect_uri": address_back(),
        "scope": "package",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    return row, f"{other.url}/transfers/authorize?{urlencode(query)}"


def come_back(arrival: UUID | None, told: CameBack, *, person: UUID, by: Actor, at: datetime) -> Fault | None:
    """A worker fetches from here on; or why not. `arrival` is what this very browser began. Within the person's scope.

    An answer that does not belong to it changes nothing.
    """
    digest = hashlib.sha256(told.state.encode()).digest()
    rows = Arrival.objects.select_for_update().filter(person_id=person, state=ArrivalState.ASKED, state_digest=digest)
    row = rows.filter(pk=arrival, began_at__gt=at - ASKED_FOR).first() if arrival else None
    other = trusted_city(row.city) if row else None
    if row is None or other is None:
        return Fault.NOT_BEGUN_HERE
    fault = _fault_of(told, other)
    if fault is not None:
        _fail(row, fault, by=by, at=at)
        return fault
    key = _key_of(row)
    errand = _errand(row, key) | {"code": told.code}
    row.state, row.beat_at, row.state_digest = ArrivalState.FETCHING, None, None
    row.sealed_errand = sealed_thing(errand, "errand", of=row.pk, key=key)
    row.save(update_fields=["state", "beat_at", "state_digest", "sealed_errand"])
    after_commit("transfers.fetch_arrival", due_at=at, arrival_id=row.pk)
    return None


def _fault_of(told: CameBack, other: TrustedCity) -> Fault | None:
    # Whose answer it is comes first (RFC 9207 §2.4): nothing else of another one's is looked at.
    if told.issuer != other.url:
        return Fault.OTHER_ISSUER
    if told.error:
        return Fault.NOT_AGREED if told.error == "access_denied" else Fault.CODE_REFUSED
    return None if 0 < len(told.code) <= _LONGEST else Fault.CODE_REFUSED


def fetch_arrival(arrival: UUID, *, by: Actor, at: datetime) -> None:
    """One step of a fetching: a token, then the package or how far it is; rung again until it is here or given up.

    Opens its own scopes; the other city is asked outside of every one.
    """
    found = _claimed(arrival, at=at)
    if found is None:
        return
    row, key = found
    errand, other = _errand(row, key), trusted_city(row.city)
    try:
        if other is None or at > row.began_at + ASKED_FOR + _GIVES_UP:
            raise CityRefuses
        url = f"{other.url}/transfers/token"
        errand = _with_call(row, errand, url, key=key, at=at)
        errand = _with_token(row, errand, url, key=key, at=at)
        _fetch(row, errand, other, key=key, by=by, at=at)
    except CityRefuses:
        _give_up(row, Fault.CODE_REFUSED, by=by, at=at)
    except NotTakenIn as fault:
        _give_up(row, getattr(fault, "fault", Fault.OTHER), by=by, at=at)
    except CityIsSilent:
        _try_again(row, errand, key=key, by=by, at=at)
    except Exception as fault:  # noqa: BLE001
        # Its message may hold a value: only its kind. It is tried again, and the resident is told in the end.
        log.error("transfers.not_fetched", fault=type(fault).__name__)
        _try_again(row, errand, key=key, by=by, at=at)


def _claimed(arrival: UUID, *, at: datetime) -> tuple[Arrival, bytes] | None:
    with scope(Role.WORKER):
        row = Arrival.objects.select_for_update().filter(pk=arrival, state=ArrivalState.FETCHING).first()
        if row is None:
            return None
        if row.beat_at is not None and row.beat_at > at:
            # Whoever is at it may be dead: then this is who goes on.
            if not is_waiting("transfers.fetch_arrival", arrival_id=arrival):
                after_commit("transfers.fetch_arrival", due_at=row.beat_at, arrival_id=arrival)
            return None
        Arrival.objects.filter(pk=arrival).update(beat_at=at + LEASE)
        under = brought_key(row.person_id)
        return (row, key_in(row.sealed_key, of=row.pk, under=under)) if under else None


def _note(row: Arrival, errand: Errand, *, key: bytes, **told: Any) -> bool:
    """The errand is kept; False when it is over meanwhile. In a scope of the worker."""
    sealed = sealed_thing(errand, "errand", of=row.pk, key=key)
    mine = Arrival.objects.filter(pk=row.pk, state=ArrivalState.FETCHING)
    return bool(mine.update(sealed_errand=sealed, **told))


def _with_call(row: Arrival, errand: Errand, url: str, *, key: bytes, at: datetime) -> Errand:
    """Kept before it is made: when its answer is lost, or whoever made it is killed, the very same is made again."""
    if "code" not in errand:
        return errand
    told = Traded(errand["code"], errand["verifier"], city().slug, address_back())
    until = int((at + CALL_LIVES).timestamp())
    kept = {"call": signed_call(told, url, at=at), "until": until, "tries": errand["tries"]}
    with scope(Role.WORKER):
        _note(row, kept, key=key)
    return kept


def _with_token(row: Arrival, errand: Errand, url: str, *, key: bytes, at: datetime) -> Errand:
    """Kept before it is used: the code is good no more."""
    if "token" in errand:
        return errand
    if _is_over(errand, at):
        raise CityIsSilent
    kept = {"token": token_by(errand["call"], url), "tries": 0}
    with scope(Role.WORKER):
        _note(row, kept, key=key)
    return kept


def _is_over(errand: Errand, at: datetime) -> bool:
    """The call for a token is good no more, and so is the code."""
    return "call" in errand and at.timestamp() >= errand["until"]


def _fetch(row: Arrival, errand: Errand, other: TrustedCity, *, key: bytes, by: Actor, at: datetime) -> None:
    file = spool.Spooled(row.pk, key)
    whole = False

    def write(piece: bytes) -> None:
        file.write(piece)
        keep_on()

    keep_on = _Renewed(row.pk, at=at)
    try:
        told = package_by(errand["token"], f"{other.url}/transfers/package", write=write)
        if told is None:
            file.close()
            whole = True
    finally:
        if not whole:
            file.throw_away()
    with scope(Role.WORKER):
        mine = Arrival.objects.filter(pk=row.pk, state=ArrivalState.FETCHING)
        if told is not None:
            _go_on(mine, row, told, at=at)
        elif mine.update(state=ArrivalState.WAITING, size=file.size, beat_at=None, sealed_errand=None):
            record(
                ArrivalEntry.FETCHED, by=by, about=row.person_id, at=at, reference=str(row.pk),
                counts={"city": row.city},
            )  # fmt: skip
            after_commit("transfers.check_arrival", due_at=at, arrival_id=row.pk)


class _Renewed:
    """Called while something comes: whoever fetches is alive."""

    def __init__(self, arrival: UUID, *, at: datetime) -> None:
        self._arrival, self._at, self._began = arrival, at, time.monotonic()
        self._told = self._began

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._told < _RENEWED_AFTER:
            return
        self._told = now
        with scope(Role.WORKER):
            until = self._at + timedelta(seconds=now - self._began) + LEASE
            Arrival.objects.filter(pk=self._arrival, state=ArrivalState.FETCHING).update(beat_at=until)


def _go_on(mine: Any, row: Arrival, told: BeingMade, *, at: datetime) -> None:
    due = at + timedelta(seconds=told.seconds)
    if mine.update(made=told.made, parts=told.parts, beat_at=due):
        after_commit("transfers.fetch_arrival", due_at=due, arrival_id=row.pk)


def _try_again(row: Arrival, errand: Errand, *, key: bytes, by: Actor, at: datetime) -> None:
    tries = int(errand.get("tries", 0))
    due = at + timedelta(seconds=_TRIES[min(tries, len(_TRIES) - 1)])
    if tries >= len(_TRIES) or _is_over(errand, due):
        _give_up(row, Fault.CITY_SILENT, by=by, at=at)
        return
    with scope(Role.WORKER):
        if _note(row, errand | {"tries": tries + 1}, key=key, beat_at=due):
            after_commit("transfers.fetch_arrival", due_at=due, arrival_id=row.pk)


def _give_up(row: Arrival, fault: Fault, *, by: Actor, at: datetime) -> None:
    with scope(Role.WORKER):
        if Arrival.objects.filter(pk=row.pk, state=ArrivalState.FETCHING).exists():
            _fail(row, fault, by=by, at=at)
    spool.remove(row.pk)


def _fail(row: Arrival, fault: Fault, *, by: Actor, at: datetime) -> None:
    told = {"state": ArrivalState.FAILED, "fault": fault, "ended_at": at, "sealed_errand": None, "state_digest": None}
    Arrival.objects.filter(pk=row.pk).update(**told)
    counts = {"city": row.city, "fault": str(fault)}
    record(
        ArrivalEntry.NOT_FETCHED, by=by, about=row.person_id, at=at, reference=str(row.pk), counts=counts
    )  # fmt: skip


def _key_of(row: Arrival) -> bytes:
    under = brought_key(row.person_id)
    return key_in(row.sealed_key, of=row.pk, under=under or b"")


def _errand(row: Arrival, key: bytes) -> Errand:
    told: Errand = opened_thing(row.sealed_errand or b"", "errand", of=row.pk, key=key)
    return told
