"""Changing a key of the ring: a new version, everything moved to it, the older ones forgotten."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from portal.keys.moving import Rows, move_all, rows_under
from portal.keys.ring import ring
from portal.keys.ring_file import add_version, settle
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.privacy.kinds import PrivacyEntry
from portal.walls import Role, scope

CHANGEABLE = ("wrap", "sources", "sessions", "index", "names", "salts")
# The log is never rewritten: what its entries were sealed and salted with stays in the ring as long as they do.
_OF_THE_LOG = ("names", "salts")
# The newest index key is laid over the older ones.
_KEPT = ("index",)


class RowsLeft(Exception):
    """Rows lie on an older version still."""


def must_add(name: str) -> bool:
    """Nothing of an earlier change is under way."""
    return name not in ring().moving


def add(name: str, *, by: Actor, at: datetime) -> int:
    """A new version, on which everything new is from now on; its number. FileExistsError when another is at it."""
    version = add_version(settings.KEY_RING_FILE, name, moves=name not in _OF_THE_LOG, at=at)
    _tell(PrivacyEntry.KEY_CHANGED, name, version, by=by, at=at)
    return version


def move(name: str, *, batch: int, by: Actor, at: datetime) -> Iterator[tuple[Rows, int]]:
    """Move what lies on older versions, batch by batch; after each tells of which rows how many were moved so far.

    Broken off anywhere it is begun again, and goes on with what is left.
    """
    total = 0
    for rows in rows_under(name):
        moved = 0
        for some in move_all(rows, batch=batch):
            moved += some
            yield rows, moved
        total += moved
    if total:
        _tell(PrivacyEntry.KEY_MOVED, name, ring().newest(name)[0], by=by, at=at, moved=total)


def left(name: str, *, at: datetime) -> list[tuple[Rows, int]]:
    """Of each kind of row how many lie on older versions."""
    return [(rows, rows.left(at)) for rows in rows_under(name)]


def forget(name: str, *, by: Actor, at: datetime) -> None:
    """Take older versions out of the ring, when nothing lies on them. RowsLeft; TooEarly within two hours.

    Those of the index stay, for the newest is laid over them, but no row is looked for by them any more.
    """
    if name in _OF_THE_LOG:
        raise RowsLeft(f"Entries of the log lie on every version of {name}: all of them stay.")
    if any(count for _, count in left(name, at=at)):
        raise RowsLeft(f"Rows lie on an older version of {name}.")
    settle(settings.KEY_RING_FILE, name, keep_older=name in _KEPT, at=at)
    _tell(PrivacyEntry.KEY_FORGOTTEN, name, ring().newest(name)[0], by=by, at=at)


def _tell(kind: PrivacyEntry, name: str, version: int, *, by: Actor, at: datetime, **counts: int) -> None:
    with scope(Role.WORKER):
        record(kind, by=by, at=at, counts={"key": name, "version": version, **counts})
