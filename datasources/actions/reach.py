"""Opening a source, and keeping account of whether it answers."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pkgutil import resolve_name
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from datasources.enums import ConnectorKind
from datasources.errors import Busy, CircuitOpen, MisSet
from datasources.models import Source
from datasources.protocol import Connector, Limits
from datasources.queries.sources import secrets_of
from datasources.rules.circuit import COOLS_FOR, OPENS_AFTER, Circuit, circuit
from datasources.rules.faults import Account

# By name: a web process that only rings tasks need not load every client library.
_KINDS: dict[str, str] = {
    ConnectorKind.SQL: "datasources.connectors.sql.connector:SqlConnector",
    ConnectorKind.REST: "datasources.connectors.rest.connector:RestConnector",
    ConnectorKind.FILES: "datasources.connectors.files.connector:FilesConnector",
    ConnectorKind.GDPR_API: "datasources.connectors.gdpr_api.connector:GdprApiConnector",
    ConnectorKind.XROAD: "datasources.connectors.xroad.connector:XRoadConnector",
}


_PLACE_BITS = 8
# Of a source's 256 numbers: so many are places to ask at, the others places to wait at.
_TO_ASK = 192
_LOOKS_AGAIN = (0.1, 0.4)  # seconds
_HELD = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND classid = %s::bigint::oid AND objid::bigint BETWEEN %s AND %s
"""


@contextmanager
def opened(source: Source, *, limits: Limits) -> Iterator[Connector]:
    """The connector of a source, closed at the end; SourceFault when it cannot be reached."""
    if not ConnectorKind(source.kind).is_asked:
        raise MisSet("This system sends its records itself: there is nothing to ask it.")
    kind: Callable[..., Connector] = resolve_name(_KINDS[source.kind])
    # What the operator of this machine decides, and nobody's settings of a source.
    here = {"root": settings.SOURCES_DROP_FOLDERS} if source.kind == ConnectorKind.FILES else {}
    connector = kind(source.settings, secrets_of(source), source.mapping, limits, **here)
    try:
        yield connector
    finally:
        connector.close()


def place_at(source: Source) -> int | None:
    """A place among the few who may ask the system at the same time, over all workers; None when there is none free.

    A place is an advisory lock of our database: it falls with the connection of a killed worker.
    """
    first = _first_of(source)
    return _free_of(range(first, first + min(source.most_in_flight, _TO_ASK)))


def long_place_at(source: Source) -> int | None:
    """A place among the fewer who may wait long for its answer: a quarter of those who may ask, one at least.

    Whoever waits keeps a worker from others; a system that hangs keeps no more of them than this.
    """
    return _free_of(_long_places(source))


def is_waited_for(source: Source) -> bool:
    """As many as may wait long for it do so now: it hangs, or is very slow."""
    places = _long_places(source)
    # Looked at, not tried: whoever tries holds a place for a moment, and somebody else finds none.
    high, low = divmod(places.start & 0xFFFF_FFFF_FFFF_FFFF, 1 << 32)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [high, low, low + len(places) - 1])
        return bool((cursor.fetchone() or (0,))[0] >= len(places))


def _long_places(source: Source) -> range:
    first = _first_of(source) + _TO_ASK
    return range(first, first + min(max(1, source.most_in_flight // 4), (1 << _PLACE_BITS) - _TO_ASK))


def _first_of(source: Source) -> int:
    return int.from_bytes(source.pk.bytes[:8], "big", signed=True) >> _PLACE_BITS << _PLACE_BITS


def _free_of(places: range) -> int | None:
    with connection.cursor() as cursor:
        for place in places:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [place])
            if (cursor.fetchone() or (False,))[0]:
                return place
    return None


@contextmanager
def place_held(source: Source, *, patience: float = 60.0) -> Iterator[None]:
    """For a whole reading: one of the same places, waited for so many seconds; Busy when none came free."""
    until = time.monotonic() + patience
    while (place := place_at(source)) is None:
        if time.monotonic() > until:
            raise Busy("As many as may were asking the system. It is read another time.")
        # Residents are asked about for seconds: the next free place is near, and is not fought for.
        time.sleep(random.uniform(*_LOOKS_AGAIN))  # noqa: S311 - no secret
    try:
        yield
    finally:
        leave(place)


def leave(place: int) -> None:
    """Whoever waits may take it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [place])


def knock(source: Source, *, at: datetime) -> None:
    """CircuitOpen when the source is to be left alone. Of those who come when it may be tried again, one gets through.

    Within the worker's scope.
    """
    state = circuit(source.opened_at, at=at)
    if state is Circuit.CLOSED:
        return
    overdue = Source.objects.filter(pk=source.pk, opened_at__lte=at - COOLS_FOR)
    if state is Circuit.OPEN or not overdue.update(opened_at=at):
        raise CircuitOpen("The system failed too many times in a row. It is tried again in a minute.")


def answered(source: Source, *, at: datetime, but: Account | None = None) -> None:
    """The source answered: the circuit closes. `but`: what of the answer could not be used."""
    last = _last(but or Account())
    Source.objects.filter(pk=source.pk).update(failures=0, opened_at=None, last_success_at=at, **last)


def failed(source: Source, account: Account, *, at: datetime) -> None:
    """The source failed: the circuit opens at the fifth time in a row."""
    row = Source.objects.filter(pk=source.pk)
    row.update(failures=F("failures") + 1, **_last(account))
    row.filter(failures__gte=OPENS_AFTER).update(opened_at=at)


def _last(account: Account) -> dict[str, Any]:
    return {"last_error": account.error, "last_faults": account.faults, "last_sentences": account.sentences}
