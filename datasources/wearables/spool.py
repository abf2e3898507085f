"""Files on their way: in chunks, each sealed under a key that only the upload's row holds, and read anywhere.

The raw file is never on a disk in plain. Every chunk but the last holds `CHUNK` bytes, so that a reader finds its place
without reading what lies before; a chunk is bound to its file and its place in it.
"""

import io
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings

from datasources.wearables.errors import NoRoom, NotInTurn, TooLarge
from portal.keys.seals import place, seal, unseal

CHUNK = 1 << 20
LARGEST = 4 << 30
_AROUND = 28  # nonce and tag


def is_set_up() -> bool:
    """The operator named a folder for files on their way; without one nothing is taken in."""
    return settings.WATCH_SPOOL is not None


def new_key() -> bytes:
    """32 bytes, for one file."""
    return os.urandom(32)


def made_folder() -> Path | None:
    """Where all lies, made when first needed; None where none is set."""
    if settings.WATCH_SPOOL is None:
        return None
    folder = Path(settings.WATCH_SPOOL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def spool_path(upload: UUID) -> Path:
    """Where the sealed file lies; the folder is made when first needed."""
    folder = Path(settings.WATCH_SPOOL or "")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / upload.hex


def remove(upload: UUID) -> None:
    """The file is gone; it may have been before."""
    spool_path(upload).unlink(missing_ok=True)


def remove_older(than: datetime, *, but: Iterable[UUID]) -> int:
    """Remove files that nobody wrote to since, and that no open upload needs; how many."""
    needed, gone = {each.hex for each in but}, 0
    for path in list(spool_path(UUID(int=0)).parent.iterdir()):
        if path.name not in needed and path.stat().st_mtime < than.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


class Spooled:
    """A file being written: `write` what comes, then `close`. NoRoom, TooLarge; what was written is then gone."""

    def __init__(self, upload: UUID, key: bytes, *, at: int = 0) -> None:
        """Go on at byte `at`, a multiple of CHUNK; NotInTurn when the file does not end there."""
        self.size, self._upload, self._key, self._rest = at, upload, key, bytearray()
        self._file = self._opened(at)

    def _opened(self, at: int) -> BinaryIO:
        whole, rest = divmod(at, CHUNK)
        try:
            file = spool_path(self._upload).open("r+b" if at else "wb")
        except FileNotFoundError:
            raise NotInTurn from None
        except OSError:
            raise NoRoom from None
        if rest or file.seek(0, io.SEEK_END) < whole * (CHUNK + _AROUND):
            file.close()
            raise NotInTurn
        # What lies behind was written and never confirmed: it comes once more.
        file.truncate(whole * (CHUNK + _AROUND))
        file.seek(whole * (CHUNK + _AROUND))
        return file

    def write(self, part: bytes) -> None:
        """Bytes in the order of the file."""
        self.size += len(part)
        if self.size > LARGEST:
            self.throw_away()
            raise TooLarge
        self._rest += part
        while len(self._rest) >= CHUNK:
            self._put(bytes(self._rest[:CHUNK]))
            del self._rest[:CHUNK]

    def close(self) -> None:
        """The last chunk is written and everything is on the disk."""
        if self._rest:
            self._put(bytes(self._rest))
            self._rest.clear()
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError:
            self.throw_away()
            raise NoRoom from None

    def throw_away(self) -> None:
        """Nothing of it stays."""
        self._rest.clear()
        # What could not be written out any more is not wanted any more.
        with suppress(OSError):
            self._file.close()
        remove(self._upload)

    def _put(self, plain: bytes) -> None:
        number = self._file.tell() // (CHUNK + _AROUND)
        try:
            self._file.write(seal(self._key, plain, aad=_chunk_place(self._upload, number)))
        except OSError:
            self.throw_away()
            raise NoRoom from None


class Unspooled(io.RawIOBase):
    """The file in plain, read from anywhere; one chunk at a time is in memory. SealBroken."""

    def __init__(self, upload: UUID, key: bytes, *, size: int) -> None:
        super().__init__()
        self._upload, self._key, self._size, self._at = upload, key, size, 0
        self._file = spool_path(upload).open("rb")
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As of any file."""
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begins + offset)
        return self._at

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def readinto(self, into: Any, /) -> int:
        """How many bytes; none at the end."""
        target = memoryview(into).cast("B")
        number, begins = divmod(self._at, CHUNK)
        if self._at >= self._size or not len(target):
            return 0
        part = self._chunk(number)[begins : begins + len(target)]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """The sealed file too."""
        self._held = (-1, b"")
        self._file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(number * (CHUNK + _AROUND))
            sealed = self._file.read(CHUNK + _AROUND)
            self._held = number, unseal(self._key, sealed, aad=_chunk_place(self._upload, number))
        return self._held[1]


def opened(upload: UUID, key: bytes, *, size: int) -> io.BufferedReader:
    """The file in plain, as any binary file is read."""
    return io.BufferedReader(Unspooled(upload, key, size=size), buffer_size=1 << 16)


def _chunk_place(upload: UUID, number: int) -> bytes:
    return place("wearables_import", "spool", upload, number)
