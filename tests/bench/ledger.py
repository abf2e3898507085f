"""The log: appended to without waiting, numbered and sealed as fast as it is written, proven at once, verified whole.

`LEDGER_ENTRIES` (a million) says how long it is. Of a larger tree, proofs alone are measured by the bench `proofs`.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from uuid import UUID, uuid4

from django.db import connection, transaction
from uuid_utils import uuid7

from consents.kinds import ConsentEntry
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.ring import ring
from portal.ledger.actions import record, sequence
from portal.ledger.actor import system
from portal.ledger.entries import Facts, alike, body, leaf_hash
from portal.ledger.parts import parts_of, salt_of
from portal.ledger.verification.whole import verify
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, ROOT, Portal, Row, interleaved
from tests.bench.proofs import proof_ms

ENTRIES = int(os.environ.get("LEDGER_ENTRIES", "1000000"))
WRITERS, SECONDS = 8, 2.0
A_SECOND, BEHIND_SECONDS = 1000, 20
BATCH = 10_000
_APPEND = "INSERT INTO ledger_pending (id, body) VALUES (%s, %s)"
_PENDING = "SELECT count(*) FROM ledger_pending"
_BEHIND = (
    "SELECT max(extract(epoch FROM sequenced_at - uuid_extract_timestamp(entry_id))) FROM ledger_leaf WHERE index >= %s"
)
_BY = system("bench")
_FACTS = Facts(UUID(int=0), "sports", "swimming", ["sports-courses"], "26-1187")


def rows(portal: Portal) -> list[Row]:
    """`append`, `behind_s`, `sequenced_per_s`, `proof_ms`, `proof_growth`, `verify`, each against its bar."""
    appended = interleaved({"ours": lambda: _appends(_ours), "floor": lambda: _appends(_floor)})
    behind = _behind(portal)
    _fill(portal, 2 * BATCH)
    early, small = _proof_ms(), _size()
    speeds = []
    while _size() < ENTRIES:
        _fill(portal, min(10 * BATCH, ENTRIES - _size()))
        speeds.append(_sequences())
    late = _proof_ms()
    floor, whole = _verified(portal)
    return [
        Row("append", appended["ours"], appended["floor"], "1/s", 0.9, "higher"),
        Row("sequenced_per_s", median(speeds), 40_000, "1/s", 1.0, "higher"),
        Row("behind_s", behind, 5.0, "s", 1.0, "lower"),
        Row("proof_ms", late, 5.0, "ms", 1.0, "lower"),
        # Twenty steps instead of fourteen or so: with the tree's height, not its width.
        Row("proof_growth", late, early * (_size().bit_length() / small.bit_length()), "ms", 2.0, "lower"),
        Row("verify", floor, whole, "s", 0.5, "higher"),
    ]


def _ours() -> None:
    with scope(Role.WORKER):
        record(ConsentEntry.EXPIRED, by=_BY, at=datetime.now(UTC), department="sports", reference="26-1187")


def _floor() -> None:
    """The same row by the same connection in a commit of its own, its bytes made as any writer would have to."""
    entry, key = UUID(bytes=uuid7().bytes), ring().newest("salts")[1]
    facts = Facts(None, "sports", "", (), "26-1187")
    told = body(entry, "consents.expired", by=_BY, at=datetime.now(UTC), facts=facts, log_key=key, details=None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE mydata_worker")
        cursor.execute(_APPEND, [entry, told])


def _appends(append: Callable[[], None]) -> float:
    """Entries a second, by eight writers at once."""
    ends, counts = time.monotonic() + SECONDS, [0] * WRITERS

    def write(number: int) -> None:
        try:
            while time.monotonic() < ends:
                append()
                counts[number] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


@contextmanager
def _sequencer(portal: Portal) -> Iterator[None]:
    argv = [sys.executable, "-W", "ignore", "manage.py", "sequencer"]
    process = subprocess.Popen(argv, cwd=ROOT, env=portal.environment, stdout=sys.stderr)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _behind(portal: Portal) -> float:
    """Most seconds from an entry's writing to its seal, at a thousand a second."""
    with _sequencer(portal), portal.server.connect(DATABASE) as superuser:
        _until_none_wait(superuser)
        first = _size()
        began = time.monotonic()
        for turn in range(BEHIND_SECONDS * 20):
            time.sleep(max(0.0, began + turn / 20 - time.monotonic()))
            _append_many(A_SECOND // 20)
        _until_none_wait(superuser)
        found = superuser.execute(_BEHIND, [first]).fetchone()
    assert found is not None
    return float(found[0])


def _until_none_wait(superuser: object) -> None:
    deadline = time.monotonic() + 60
    while superuser.execute(_PENDING).fetchone() != (0,):  # type: ignore[attr-defined]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _append_many(count: int) -> None:
    with scope(Role.WORKER):
        for _ in range(count):
            record(ConsentEntry.EXPIRED, by=_BY, at=datetime.now(UTC), department="sports", reference="26-1187")


def _fill(portal: Portal, count: int) -> None:
    """Pending entries, each about one of a thousand people, made outside of what is measured."""
    make = alike("consents.expired", by=_BY, at=datetime.now(UTC), facts=_FACTS)
    with scope(Role.WORKER):
        keys = _people()
    with portal.server.connect(DATABASE) as superuser:
        with superuser.cursor().copy("COPY ledger_pending (id, body) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["uuid", "bytea"])
            for number in range(count):
                entry, (person, key) = uuid7(), keys[number % len(keys)]
                copy.write_row((UUID(bytes=entry.bytes), make(entry, person, key)))
        superuser.execute("ANALYZE ledger_pending")


_known: list[tuple[UUID, bytes]] = []


def _people() -> list[tuple[UUID, bytes]]:
    if not _known:
        _known.extend(person_keys([uuid4() for _ in range(1000)], KeyScope.LOG).items())
    return _known


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf")
        (size,) = cursor.fetchone() or (0,)
    return int(size)


def _sequences() -> float:
    """Entries a second, numbered, under the tree, read back, signed and committed."""
    began, count = time.perf_counter(), 0
    while True:
        with scope(Role.WORKER):
            done = sequence(at=datetime.now(UTC), batch=BATCH)
        count += done
        if not done:
            return count / (time.perf_counter() - began)


def _proof_ms() -> float:
    return proof_ms(_size())


def _verified(portal: Portal) -> tuple[float, float]:
    """(seconds to hash the same entries one by one in memory, seconds to verify all there is, reading included)."""
    began = time.perf_counter()
    report = verify(at=datetime.now(UTC), folder=None, processes=2)
    whole = time.perf_counter() - began
    assert report.findings == []
    assert report.checked == _size()
    return _hashing(portal) * report.checked, whole


def _hashing(portal: Portal) -> float:
    """Seconds an entry: its commitment and its leaf, from bytes and key in memory; nothing is compared."""
    keys = dict(_people())
    with portal.server.connect(DATABASE) as superuser:
        sample = superuser.execute(
            "SELECT id, body, subject FROM ledger_entry WHERE subject IS NOT NULL LIMIT 100000"
        ).fetchall()
    began = time.perf_counter()
    for entry, content, subject in sample:
        parts_of(content).keeps_its_word(salt_of(keys[subject], entry))
        leaf_hash(content)
    return (time.perf_counter() - began) / len(sample)
