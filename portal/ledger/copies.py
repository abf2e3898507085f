"""Checkpoints outside the database, in a folder and at an address: who rewrites the log cannot reach them there."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx2
from django.conf import settings

from portal.ledger.checkpoints import newest_checkpoint, verifiers
from portal.ledger.models import Checkpoint, Copying, CopyPlace
from portal.ledger.notes import Head, NoteBroken, Verifier, opened
from portal.ledger.tiles import TreeBroken, root
from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward
from portal.walls import Role, scope

_PATIENCE = 10.0
_LONGEST = 10_000


class CopyFailed(Exception):
    """The checkpoint did not arrive; the message names the fault, and no address."""


def places() -> dict[CopyPlace, Callable[[Checkpoint], None]]:
    """Where this portal copies to, and how."""
    found: dict[CopyPlace, Callable[[Checkpoint], None]] = {}
    if settings.CHECKPOINT_FOLDER:
        found[CopyPlace.FOLDER] = partial(to_folder, settings.CHECKPOINT_FOLDER)
    if settings.CHECKPOINT_URL:
        found[CopyPlace.ADDRESS] = partial(to_address, settings.CHECKPOINT_URL)
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
    return all(_copied(place, copy, newest, at) for place, copy in places().items() if known.get(place) != newest.size)


def _copied(place: CopyPlace, copy: Callable[[Checkpoint], None], newest: Checkpoint, at: datetime) -> bool:
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
    try:
        with httpx2.Client(transport=outward(), timeout=_PATIENCE, trust_env=False) as http:
            headers = {"Content-Type": "text/plain; charset=utf-8"}
            answer = http.post(url, content=checkpoint.note.encode(), headers=headers)
    except PointsInward:
        raise CopyFailed("The address points inward.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown, ValueError) as fault:
        raise CopyFailed(type(fault).__name__) from None
    if not answer.is_success:
        raise CopyFailed(f"The address answered {answer.status_code}.")


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
