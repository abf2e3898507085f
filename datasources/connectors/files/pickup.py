"""Picking a file up whole, and putting it away once it is safe."""

import codecs
import hashlib
import io
import tempfile
import time
from contextlib import suppress
from dataclasses import astuple, dataclass

import msgspec
from typing_extensions import Buffer

from datasources.connectors.files.drops import Drop, Stamp
from datasources.connectors.files.promises import Promise, promised
from datasources.connectors.files.shape import Settings
from datasources.errors import Drifted, Garbled, NothingNew
from datasources.protocol import Limits

_IN_MEMORY = 8 << 20
_MEGABYTE = 1 << 20
GLANCE = 1 << 20
_LEAD = 0xC0  # a byte that begins a sign of several
_ASKED_FOR = 1 << 17
_TICK = 2.0  # seconds; no clock of a file system is coarser (FAT)
Spooled = tempfile.SpooledTemporaryFile[bytes]


@dataclass(frozen=True)
class State:
    """Which file was read, in which state, and by which promise it was found whole."""

    name: str
    stamp: Stamp
    promise: Promise | None
    at_rest: bool = False

    @property
    def seen(self) -> str:
        """By which the same state is known again; empty for a file that may have changed within one tick of its clock,
        and for one that is put away.
        """
        if not self.at_rest:
            return ""
        return msgspec.json.encode([self.name, *astuple(self.stamp), self.promise and self.promise.sha256]).decode()


class _Enough(Exception):
    """As much of a file as is looked at was read."""


class _Copy:
    """A copy of our own, unlinked on closing, of a file of `most` bytes; its digest grows with it."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self.whole: Spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the reader closes it
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, block: bytes) -> None:
        """Garbled when the file has grown since it was looked at."""
        self.size += len(block)
        if self.size > self._most:
            raise still_written(self._name)
        self.digest.update(block)
        self.whole.write(block)


def pick_up(drop: Drop, name: str, settings: Settings, limits: Limits) -> tuple[State, Spooled]:
    """The file's state and a whole copy of it. Garbled, and the file left alone, when it is not whole."""
    state = state_now(drop, name, settings, limits)
    stamp, promise = state.stamp, state.promise
    most = settings.largest_megabytes
    if stamp.size > most * _MEGABYTE:
        raise Garbled(
            "{file} is larger than {megabytes} megabytes, the most that this source may send.",
            file=name,
            megabytes=most,
        )
    copy = _Copy(name, stamp.size)
    try:
        drop.read(name, copy.write)
        if drop.look(name) != stamp or copy.size != stamp.size:
            raise still_written(name)
        if promise is not None:
            promise.hold(name, size=copy.size, sha256=copy.digest.hexdigest())
        if not copy.size:
            raise Garbled("{file} is empty: not even a header is in it.", file=name)
    except BaseException:
        copy.whole.close()
        raise
    copy.whole.seek(0)
    return state, copy.whole


def state_now(drop: Drop, name: str, settings: Settings, limits: Limits) -> State:
    """The file's state without reading it."""
    stamp = _at_rest(drop, name, settings, limits)
    at_rest = settings.after_reading == "leave" and time.time() - stamp.changed >= _TICK
    return State(name, stamp, promised(drop, name, settings), at_rest)


def looked_into(drop: Drop, name: str, settings: Settings, limits: Limits) -> io.BufferedReader:
    """The file, open where it lies, whether or not it is as promised."""
    state = state_now(drop, name, settings, limits)
    return io.BufferedReader(Window(drop, name, state.stamp.size), _ASKED_FOR)


def glance(drop: Drop, name: str, settings: Settings, limits: Limits, *, most: int = GLANCE) -> tuple[Spooled, bool]:
    """The beginning of the file, whether or not it is as promised; and whether that is all of it."""
    state = state_now(drop, name, settings, limits)
    copy = _Copy(name, 1 << 62)

    def write(block: bytes) -> None:
        copy.write(block)
        if copy.size >= most:
            raise _Enough

    try:
        with suppress(_Enough):
            drop.read(name, write)
    except BaseException:
        copy.whole.close()
        raise
    is_all = copy.size >= state.stamp.size
    if not is_all:
        _cut_at_line(copy.whole)
    copy.whole.seek(0)
    return copy.whole, is_all


def _cut_at_line(head: Spooled) -> None:
    """After the last whole line when that is near the end, or else before a sign that is cut in two (UTF-8)."""
    head.seek(0)
    content = head.read()
    utf16 = content.startswith(codecs.BOM_UTF16_LE)
    end = content.rfind(b"\n\0") + 2 if utf16 else content.rfind(b"\n") + 1
    if end < len(content) // 2:
        lead = next((at for at in range(1, 4) if content[-at] >= _LEAD), 0)
        end = len(content) - len(content) % 2 if utf16 else len(content) - lead
    head.truncate(end)


class Window(io.RawIOBase):
    """A file of a drop that is read where it is looked at, and not as a whole."""

    def __init__(self, drop: Drop, name: str, size: int) -> None:
        super().__init__()
        self._drop, self._name, self._size, self._at = drop, name, size, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """From the start, from here or from the end."""
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        if self._at < 0:
            raise OSError("before the file")
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        """As much as there is room for."""
        room = memoryview(buffer).cast("B")
        block = self._drop.read_part(self._name, self._at, min(len(room), max(0, self._size - self._at)))
        room[: len(block)] = block
        self._at += len(block)
        return len(block)


def still_written(name: str) -> Garbled:
    """The sentence for a file that changes while it is looked at."""
    return Garbled("{file} was still being written; it is left alone until next time.", file=name)


def _at_rest(drop: Drop, name: str, settings: Settings, limits: Limits) -> Stamp:
    """The state of a file that has not changed for `quiet_seconds`; what is missing of them is waited for."""
    stamp = drop.look(name)
    if stamp is None:
        if settings.after_reading != "leave":
            raise NothingNew("There is no new {file} in the folder. What was read before stays.", file=name)
        raise Drifted("The file {file} is not in the folder.", file=name)
    # By two clocks: a file from the future is waited for as long as one of just now.
    missing = min(settings.quiet_seconds, settings.quiet_seconds - (time.time() - stamp.changed))
    if missing <= 0:
        return stamp
    if missing >= limits.statement:
        raise still_written(name)
    time.sleep(missing)
    if drop.look(name) != stamp:
        raise still_written(name)
    return stamp


def put_away(drop: Drop, state: State, settings: Settings, names: set[str]) -> None:
    """Archive or remove a file that was read, and what promised it, when nothing of `names` that it promises is left.

    A file that has changed since is another file, which nobody has read yet: it stays.
    """
    _put(drop, state.name, state.stamp, settings)
    promise = state.promise
    if promise is not None and not any(drop.look(name) for name in names.intersection(promise.beside)):
        _put(drop, promise.told_in, promise.stamp, settings)


def _put(drop: Drop, name: str, stamp: Stamp, settings: Settings) -> None:
    if drop.look(name) != stamp:
        return
    if settings.after_reading == "archive":
        seconds, rest = divmod(time.time_ns(), 10**9)
        moment = time.strftime("%Y%m%dT%H%M%S", time.gmtime(seconds))
        drop.archive(name, folder=settings.archive, under=f"{moment}.{rest:09d}Z-{name}")
    else:
        drop.remove(name)
