"""Proofs that an entry is in the log, and that the log only grew: for one, for many, and as a file."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actor import ActorKind
from portal.ledger.checkpoints import checkpoint_of, newest_checkpoint, verifiers
from portal.ledger.columns import BYTEWISE, Like, Told
from portal.ledger.cosignatures import note_to_prove
from portal.ledger.entries import canonical
from portal.ledger.merkle import Node, ProofBroken, Span, check_inclusion, consistency_spans, inclusion_spans, split
from portal.ledger.models import Entry
from portal.ledger.notes import Head, NoteBroken, opened
from portal.ledger.parts import Salter, parts_of, salter
from portal.ledger.tiles import hashes_of, nodes, root
from portal.walls import bulk

FORMAT = "log-bundle-1"
_AT_ONCE = 500
# Who is no person.
_NOBODY = {ActorKind.CLIENT, ActorKind.SYSTEM}
_PLACE = "SELECT index FROM ledger_leaf WHERE hash = %b"
_SEALED = """
SELECT id, index, subject, body FROM ledger_log WHERE id = ANY (%b) AND index IS NOT NULL ORDER BY index
"""
_LEAF = "SELECT hash FROM ledger_leaf WHERE index = %b"


@dataclass(frozen=True)
class Seal:
    """Where an entry stands in the log, counted from 0, and when the checkpoint over it was signed."""

    index: int
    at: datetime


def seal_of(entry: Entry) -> Seal | None:
    """Since when nobody can change the entry unseen; None: it waits to be sealed, which takes seconds."""
    if entry.index is None or entry.sequenced_at is None:
        return None
    return Seal(entry.index, entry.sequenced_at)


def inclusion(index: int, size: int) -> list[bytes]:
    """The proof of leaf `index` in the tree of the first `size` (RFC 9162 §2.1.3). ValueError when it is not there."""
    return hashes_of(inclusion_spans(index, size))


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (§2.1.4). ValueError when it is smaller."""
    return hashes_of(consistency_spans(old, new))


def index_of(leaf: bytes) -> int | None:
    """Where the leaf of this hash stands."""
    rows = bulk(_PLACE, [leaf])
    return int(rows[0][0]) if rows else None


def leaf_at(index: int) -> bytes | None:
    """The hash of the leaf at `index`."""
    rows = bulk(_LEAF, [index])
    return bytes(rows[0][0]) if rows else None


def proof_of(entry: UUID) -> dict[str, Any] | None:
    """What proves one entry that the scope lets through: its open part, place, proof and checkpoint; None: not yet.

    `{"entry": {...}, "index": 7, "proof": ["<hex>", ...], "checkpoint": "<note>"}`
    """
    # In this order: what was numbered by now, the newest checkpoint covers.
    rows = bulk(_SEALED, [[entry]])
    note = note_to_prove(rows[0][1]) if rows else None
    if note is None:
        return None
    _, index, _, body = rows[0]
    return {
        "entry": msgspec.json.decode(parts_of(body).opened),
        "index": index,
        "proof": [each.hex() for each in inclusion(index, checkpoint_of(note).size)],
        "checkpoint": note,
    }


def head_proven(proof: Mapping[str, Any]) -> Head:
    """The checkpoint of what `proof_of` once told, when a key of ours signed it and the proof leads to it.

    ProofBroken otherwise, whatever was brought. Asks no database.
    """
    try:
        head = opened(proof["checkpoint"], verifiers())
        leaf = hashlib.sha256(b"\x00" + canonical(proof["entry"])).digest()
        path = [bytes.fromhex(each) for each in proof["proof"]]
        check_inclusion(leaf, proof["index"], head.size, path, head.root)
    except (NoteBroken, KeyError, TypeError, ValueError):
        raise ProofBroken("This is no proof of ours.") from None
    return head


def is_ours(head: Head) -> bool:
    """The log that a checkpoint of ours was over is the beginning of the log as it stands."""
    return head.size <= newest_checkpoint().size and root(head.size) == head.root


def bundle(rows: Sequence[Told], *, beside: Iterable[bytes] = ()) -> Iterator[bytes]:
    """A file (JSON) that proves these entries without us: see docs/log.md for its members, docs/verify/ for the check.

    One checkpoint for all, and each hash of the tree that they need once. Within a scope that sees the entries. What
    waits to be sealed is listed by its id. `beside`: more members, each behind a comma, as they come.
    """
    note = note_to_prove(max((row.index for row in rows if row.index is not None), default=0))
    size = checkpoint_of(note).size if note else 0
    sealed = {row.index: row for row in rows if row.index is not None and row.index < size}
    places = sorted(sealed)
    head = {"format": FORMAT, "checkpoint": note, "keys": [each.told for each in verifiers()]}
    yield msgspec.json.encode(head)[:-1] + b',"entries":['
    yield from _entries([sealed[place] for place in places])
    waiting = sorted(row.pk for row in rows if row.index not in sealed)
    tail = {"hashes": _needed(places, size), "waiting": waiting}
    yield b"]," + msgspec.json.encode(tail)[1:-1]
    yield from beside
    yield b"}"


def _entries(rows: Sequence[Told]) -> Iterator[bytes]:
    """In JSON, each with its content where whoever may read the entry may read all of it."""
    salts = _salts({row.like for row in rows})
    between = ""
    for first in range(0, len(rows), _AT_ONCE):
        told = ",".join([_told(row, salts.get(row.like)) for row in rows[first : first + _AT_ONCE]])
        yield (between + told).encode(BYTEWISE)
        between = ","


def _told(row: Told, salt: Salter | None) -> str:
    if salt is None:
        return f'{{"index":{row.index},"entry":{row.opened}}}'
    return f'{{"index":{row.index},"entry":{row.opened},"content":{{"salt":"{salt(row.pk)}","private":{row.private}}}}}'


def _salts(likes: Iterable[Like]) -> dict[Like, Salter]:
    """Of those whose content the reader may have."""
    theirs = [like for like in likes if like.subject and _is_theirs(like)]
    keys = existing_person_keys({like.subject for like in theirs if like.subject}, KeyScope.LOG)
    salters = {subject: salter(key) for subject, key in keys.items()}
    return {like: salters[like.subject] for like in theirs if like.subject in salters}


def _is_theirs(like: Like) -> bool:
    # The pseudonym of a member of staff or of another person is not the reader's to have (C-579/21).
    return like.actor_kind in _NOBODY or like.actor_id == str(like.subject)


def _needed(indexes: Sequence[int], size: int) -> Mapping[str, str]:
    """`{"<level>/<number>": hex}`: what the root is worked out from, beside these leaves."""
    if not indexes:
        return {}
    found: list[Node] = []
    _beside(sorted(indexes), (0, size), found)
    return {f"{level}/{number}": told.hex() for (level, number), told in nodes(found).items()}


def _beside(indexes: Sequence[int], span: Span, found: list[Node]) -> None:
    """Collect the whole nodes of a subtree that stand over none of the leaves, as high up as they can."""
    first, end = span
    count = end - first
    if len(indexes) == count:
        # Each of its leaves is here.
        return
    if not indexes and count.bit_count() == 1:
        found.append((count.bit_length() - 1, first // count))
        return
    middle = first + split(count)
    cut = bisect_left(indexes, middle)
    _beside(indexes[:cut], (first, middle), found)
    _beside(indexes[cut:], (middle, end), found)
