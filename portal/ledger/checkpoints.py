"""Sealing the log: its tree grows by what was numbered, and its new head is signed, all in one transaction."""

import base64
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from portal.keys.errors import KeyMissing
from portal.keys.signing import public_keys, signing_key
from portal.ledger.entries import leaf_hash
from portal.ledger.merkle import EMPTY_ROOT
from portal.ledger.models import Checkpoint
from portal.ledger.notes import Head, NoteBroken, Verifier, opened, signed
from portal.ledger.tiles import TreeBroken, extend, root
from portal.walls import bulk

KEY = "checkpoints"

_LEAVES = """
SELECT index, hash, entry_id FROM ledger_leaf WHERE index >= %b AND index < %b ORDER BY index
"""
_BODIES = "SELECT id, body FROM ledger_entry WHERE id = ANY (%b) AND id BETWEEN %b AND %b"


def newest_note() -> str | None:
    """The newest checkpoint as it was signed; None while nothing is."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()


def note_over(size: int) -> str | None:
    """The checkpoint over exactly so many entries; None when there is none."""
    return Checkpoint.objects.filter(size=size).values_list("note", flat=True).first()


def checkpoint_of(note: str) -> Head:
    """What a checkpoint of ours says; TreeBroken when the signature does not hold."""
    try:
        return opened(note, verifiers())
    except NoteBroken as broken:
        raise TreeBroken("A seal was not signed by a key of this log.") from broken


def newest_checkpoint() -> Head:
    """The last head that was signed; of an empty log an unsigned one. TreeBroken when the signature does not hold."""
    note = newest_note()
    return checkpoint_of(note) if note else Head(settings.LOG_ORIGIN, 0, EMPTY_ROOT)


def verifiers() -> list[Verifier]:
    """Every key that ever signed checkpoints of this log, oldest first."""
    return [Verifier(settings.LOG_ORIGIN, _public(key)) for key in public_keys(KEY)]


def _public(key: dict[str, str | list[str]]) -> bytes:
    told = str(key["x"])
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))


def _private() -> Ed25519PrivateKey:
    key = signing_key(KEY).private_key
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing("The key ring's checkpoints is no private Ed25519 key.")
    return key


def seal(head: Head, leaves: Sequence[bytes], *, at: datetime) -> None:
    """Put these hashes under the tree, behind the leaves of `head`, and sign the new head.

    Signed is what stands in the database: the tree is read back and hashed again. TreeBroken when it is not the one
    that was sealed last, or not what was written.
    """
    if root(head.size) != head.root:
        raise TreeBroken("The tree is not the one that was sealed last.")
    extend(head.size, leaves)
    size = head.size + len(leaves)
    new = Head(settings.LOG_ORIGIN, size, root(size))
    Checkpoint.objects.create(size=size, root=new.root, note=signed(new, _private()), signed_at=at)


def leaves_again(first: int, batch: int) -> list[bytes]:
    """The hashes of leaves that were numbered and never sealed, each of which is that of its entry, if that is kept."""
    rows = bulk(_LEAVES, [first, first + batch])
    if [row[0] for row in rows] != list(range(first, first + len(rows))):
        raise TreeBroken("A number of the log is missing.")
    ids = sorted(row[2] for row in rows)
    bodies = dict(bulk(_BODIES, [ids, ids[0], ids[-1]]))
    for _, kept, entry in rows:
        if entry in bodies and leaf_hash(bodies[entry]) != kept:
            raise TreeBroken("A leaf is not that of its entry.")
    return [row[1] for row in rows]
