"""Writing to the log, and giving its entries their numbers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key, person_keys
from portal.keys.ring import ring
from portal.ledger.actor import Actor
from portal.ledger.checkpoints import leaves_again, newest_checkpoint, seal
from portal.ledger.entries import Facts, Json, Told, body, leaf_hash
from portal.ledger.kinds import EntryKind
from portal.ledger.tiles import TreeBroken
from portal.walls import array_of_bytes, bulk
from portal.walls import told as tell

# Any number, the same in every process: the sequencer's advisory lock.
_SEQUENCER = 0x6D796461

# The bounds keep the planner from looking into months that none of these ids is of.
_WAITING = """
SELECT ids::text, ids[1], ids[cardinality(ids)], cardinality(ids)
FROM (
    SELECT array_agg(id ORDER BY id) AS ids FROM (SELECT id FROM ledger_pending ORDER BY id LIMIT %b) AS oldest
) AS batch
"""
_MOVE = """
INSERT INTO ledger_entry (id, body, kind, subject, department)
SELECT id, body, kind, subject, department FROM ledger_pending WHERE id = ANY (%s::uuid[]) AND id BETWEEN %s AND %s
"""
_MOVED = "SELECT body FROM ledger_entry WHERE id = ANY (%t::uuid[]) AND id BETWEEN %b AND %b ORDER BY id"
_LEAVES = "SELECT string_agg(hash, '' ORDER BY index) FROM ledger_leaf WHERE index >= %b"
_TAKE_AWAY = "DELETE FROM ledger_pending WHERE id = ANY (%s::uuid[])"
_APPEND = "INSERT INTO ledger_pending (id, body) VALUES (%s, %s)"
_APPEND_EACH = "INSERT INTO ledger_pending (id, body) SELECT * FROM unnest(%s::uuid[], %s::bytea[])"
_NUMBER = """
INSERT INTO ledger_leaf (index, entry_id, hash, sequenced_at)
SELECT %s + row - 1, entry_id, hash, %s
FROM unnest(%s::uuid[], %s::bytea[]) WITH ORDINALITY AS new (entry_id, hash, row)
"""


def record(
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    about: UUID | None = None,
    department: str = "",
    purpose: str = "",
    datasets: Sequence[str] = (),
    reference: str = "",
    counts: Mapping[str, Json] | None = None,
    details: Mapping[str, Json] | None = None,
    log_key: bytes | None = None,
) -> UUID:
    """Append one entry in the caller's transaction and return its id (UUIDv7). No entry, no data.

    `about` is the person whose log it stands in; `details` are sealed under that person's `log` key (`log_key`, where
    it was read already); `counts` and the slugs stay readable and hold nothing personal. Takes no lock: numbers are
    given after commit.
    """
    _within_a_transaction()
    entry = UUID(bytes=uuid7().bytes)
    log_key = log_key or (person_key(about, KeyScope.LOG) if about else ring().newest("salts")[1])
    facts = Facts(about, department, purpose, datasets, reference, counts or {})
    content = body(entry, kind.value, by=by, at=at, facts=facts, log_key=log_key, details=details)
    tell(_APPEND, [entry, content])
    return entry


def record_each(told: Sequence[Told], *, by: Actor) -> None:
    """Append an entry for each of these, about people, in one statement; none where the `log` key was destroyed."""
    _within_a_transaction()
    keys = person_keys({each.facts.subject for each in told if each.facts.subject}, KeyScope.LOG)
    rows = []
    for each in told:
        if each.facts.subject and (key := keys.get(each.facts.subject)):
            entry = UUID(bytes=uuid7().bytes)
            content = body(entry, each.kind, by=by, at=each.at, facts=each.facts, log_key=key, details=each.details)
            rows.append((entry, content))
    # Of nobody, too: how long it takes is not to tell whether somebody is known.
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_EACH, [[entry for entry, _ in rows], [content for _, content in rows]])


def _within_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An entry is written in the transaction of what it tells about.")


def sequence(*, at: datetime, batch: int = 10_000) -> int:
    """Number and seal up to `batch` committed entries, oldest first, and return how many. One holder at a time.

    A second one waits. Runs in a scope of the worker role. A crash at any point leaves the entries pending, to be
    numbered next time. TreeBroken when the tree is not what was sealed last: nothing is sealed on top of it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])
        head = newest_checkpoint()
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf")
        (first,) = cursor.fetchone() or (0,)
        if first < head.size:
            raise TreeBroken("More was sealed than there is.")
        # Leaves that were numbered before there was a tree are sealed first.
        if first > head.size:
            leaves = leaves_again(head.size, batch)
        elif not (leaves := _number(first, at, batch)):
            return 0
    seal(head, leaves, at=at)
    return len(leaves)


def _number(first: int, at: datetime, batch: int) -> list[bytes]:
    """Move entries from the pending ones to the log, each with its leaf, whose hashes are returned in their order.

    A leaf is the hash of what stands in the log, read back after it was written; a trigger compares it with what was
    pending.
    """
    # Ids go to and fro as one text: made into ten thousand values here, they would take as long as the hashes.
    ((*those, count),) = bulk(_WAITING, [batch])
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, those)
        hashes = [leaf_hash(row[0]) for row in bulk(_MOVED, those)]
        cursor.execute(_NUMBER, [first, at, those[0], array_of_bytes(hashes)])
        cursor.execute(_TAKE_AWAY, those[:1])
    if bulk(_LEAVES, [first]) != [(b"".join(hashes),)] or len(hashes) != count:
        raise TreeBroken("The log does not hold what was written into it.")
    return hashes
