"""Checkpoints outside the database, in a folder, at an address, with witnesses: who rewrites the log is not there."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings

from portal.ledger.checkpoints import newest_checkpoint, verifiers
from portal.ledger.models import Checkpoint, Copying, CopyPlace
from portal.ledger.notes import Head, NoteBroken, Verifier, opened
from portal.ledger.posting import CopyFailed, posted
from portal.ledger.tiles import TreeBroken, root
from portal.ledger.witnesses import to_witness, witnesses
from portal.walls import Role, scope

# What nobody outside could bear witness to is not added to for ever.
OVERDUE = timedelta(hours=4)
_LOOKED_AFTER_SECONDS = 30
_LONGEST = 10_000
_GOOD = 2


def places() -> dict[str, Callable[[Checkpoint], None]]:
    """Where this portal copies to, and how: a folder, an address, and each witness by its name."""
    found: dict[str, Callable[[Checkpoint], None]] = {}
    if settings.CHECKPOINT_FOLDER:
        found[CopyPlace.FOLDER] = partial(to_folder, settings.CHECKPOINT_FOLDER)
    if settings.CHECKPOINT_URL:
        found[CopyPlace.ADDRESS] = partial(to_address, settings.CHECKPOINT_URL)
    found |= {each.cosigner.name: partial(to_witness, each) for each in witnesses()}
    return found


def copy_newest(*, at: datetime) -> bool:
    """Copy the newest checkpoint to every place that lacks it, and note how it went; whether all have it.

    Outside of every scope: a slow place holds no transaction. Idempotent.
    """
    with scope(Role.WORKER):
        newest = Checkpoint.objects.order_by("-size").first()
        known = dict(Copying.objects.values_list("place", "size"))
    if newest is None:
        return True
    # Each is tried, whether or not another failed.
    went = [_copied(place, copy, newest, at) for place, copy in places().items() if known.get(place) != newest.size]
    return all(went)


def _copied(place: str, copy: Callable[[Checkpoint], None], newest: Checkpoint, at: datetime) -> bool:
    error = ""
    try:
        copy(newest)
    except CopyFailed as failed:
        error = str(failed)
    with scope(Role.WORKER):
        row, _ = Copying.objects.get_or_create(place=place)
        row.error = error[:100]
        if error:
            row.failing_since_at = row.failing_since_at or at
        else:
            row.size, row.copied_at, row.failing_since_at = newest.size, at, None
        row.save()
    return not error


def are_overdue(*, at: datetime) -> bool:
    """Some place has taken no seal for four hours: then departments get no data until it does.

    Each process looks every half a minute, in a scope of its own.
    """
    return _are_overdue(int(at.timestamp()) // _LOOKED_AFTER_SECONDS)


@lru_cache(maxsize=1)
def _are_overdue(half_minute: int) -> bool:
    since = datetime.fromtimestamp(half_minute * _LOOKED_AFTER_SECONDS, UTC) - OVERDUE
    with scope(Role.WORKER):
        return Copying.objects.filter(place__in=list(places()), failing_since_at__lt=since).exists()


def to_folder(folder: Path, checkpoint: Checkpoint) -> None:
    """One file each, by day: `<folder>/2026-11-30/<size>.checkpoint`. Never over another: CopyFailed."""
    target = folder / f"{checkpoint.signed_at:%Y-%m-%d}" / f"{checkpoint.size:020}.checkpoint"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(f".{os.getpid()}.new")
        with new.open("w", encoding="utf-8") as file:
            file.write(checkpoint.note)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, target)
        except FileExistsError:
            if target.read_text(encoding="utf-8") != checkpoint.note:
                raise CopyFailed("Another seal of this size is there.") from None
        finally:
            new.unlink()
        _settle(target.parent)
    except OSError as fault:
        raise CopyFailed(type(fault).__name__) from None


def _settle(folder: Path) -> None:
    # A new name is on the disk only when its folder is; not every file system can say so.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def to_address(url: str, checkpoint: Checkpoint) -> None:
    """POST the note as text; any 2xx will do. CopyFailed. Nothing is connected to that points inward."""
    answer = posted(url, checkpoint.note)
    if answer.status // 100 != _GOOD:
        raise CopyFailed(f"The address answered {answer.status}.")


def copies_in(folder: Path) -> Iterator[tuple[int, Path]]:
    """(size, file) of every copy, in no order; a file whose name tells no size is none."""
    for path in folder.glob("*/*.checkpoint"):
        if path.stem.isascii() and path.stem.isdigit():
            yield int(path.stem), path


def newest_copy(folder: Path) -> Path | None:
    """The copy over the most entries."""
    return max(copies_in(folder), default=(0, None))[1]


def check_against_copies() -> None:
    """TreeBroken when the newest copy tells of another or a longer log than the database; within the worker's scope."""
    path = newest_copy(settings.CHECKPOINT_FOLDER) if settings.CHECKPOINT_FOLDER else None
    if path is None:
        return
    try:
        head = read_copy(path, verifiers())
    except NoteBroken as broken:
        raise TreeBroken("The newest copy of a seal is not one of this log.") from broken
    if head.size > newest_checkpoint().size or root(head.size) != head.root:
        raise TreeBroken("The newest copy of a seal tells of another log than the database.")


def read_copy(path: Path, by: Iterable[Verifier]) -> Head:
    """What a copy says; NoteBroken when no key of ours signed it, or its name says otherwise."""
    try:
        with path.open(encoding="utf-8") as file:
            head = opened(file.read(_LONGEST), by)
    except (OSError, UnicodeError) as fault:
        raise NoteBroken(type(fault).__name__) from None
    if head.size != int(path.stem):
        raise NoteBroken("It is named after another size.")
    return head
