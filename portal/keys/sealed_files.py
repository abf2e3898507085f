"""Files on their way: in chunks, each sealed under a key that only a row holds, and read anywhere.

The raw file is never on a disk in plain. Every chunk but the last holds `CHUNK` bytes, so that a reader finds its place
without reading what lies before; a chunk is bound to its file and its place in it.
"""

import io
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from portal.keys.errors import DoesNotFollow, NoRoomLeft, TooMuch
from portal.keys.seals import seal, unseal

CHUNK = 1 << 20
_AROUND = 28  # nonce and tag
# The associated data of a chunk, by its number.
ChunkPlace = Callable[[int], bytes]


def new_key() -> bytes:
    """32 bytes, for one file."""
    return os.urandom(32)


def made_folder(told: str | Path) -> Path:
    """Where files on their way lie; made when first needed, and nobody else's to read."""
    folder = Path(told)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def remove_older(folder: Path, than: datetime, *, but: Iterable[str]) -> int:
    """Remove files that nobody wrote to since, and whose names are not among `but`; how many."""
    needed, gone = set(but), 0
    for path in list(folder.iterdir()):
        if path.is_file() and path.name not in needed and path.stat().st_mtime < than.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


class SealedFile:
    """A file being written: `write` what comes, then `close`. When either raises, what was written is gone."""

    no_room: ClassVar[type[Exception]] = NoRoomLeft
    too_large: ClassVar[type[Exception]] = TooMuch
    not_in_turn: ClassVar[type[Exception]] = DoesNotFollow

    def __init__(self, path: Path, key: bytes, place: ChunkPlace, *, most: int, at: int = 0) -> None:
        """Go on at byte `at`, a multiple of CHUNK; `not_in_turn` when the file does not end there."""
        self.size, self._path, self._key, self._place, self._most = at, path, key, place, most
        self._rest = bytearray()
        self._file = self._opened(at)

    def _opened(self, at: int) -> BinaryIO:
        whole, rest = divmod(at, CHUNK)
        try:
            file = self._path.open("r+b" if at else "wb")
        except FileNotFoundError:
            raise self.not_in_turn from None
        except OSError:
            raise self.no_room from None
        if rest or file.seek(0, io.SEEK_END) < whole * (CHUNK + _AROUND):
            file.close()
            raise self.not_in_turn
        # What lies behind was written and never confirmed: it comes once more.
        file.truncate(whole * (CHUNK + _AROUND))
        file.seek(whole * (CHUNK + _AROUND))
        return file

    def write(self, part: bytes) -> None:
        """Bytes in the order of the file."""
        self.size += len(part)
        if self.size > self._most:
            self.throw_away()
            raise self.too_large
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
            raise self.no_room from None

    def throw_away(self) -> None:
        """Nothing of it stays."""
        self._rest.clear()
        # What could not be written out any more is not wanted any more.
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _put(self, plain: bytes) -> None:
        number = self._file.tell() // (CHUNK + _AROUND)
        try:
            self._file.write(seal(self._key, plain, aad=self._place(number)))
        except OSError:
            self.throw_away()
            raise self.no_room from None


class Unsealed(io.RawIOBase):
    """The file in plain, read from anywhere; one chunk at a time is in memory. SealBroken."""

    def __init__(self, path: Path, key: bytes, place: ChunkPlace, *, size: int) -> None:
        super().__init__()
        self._key, self._place, self._size, self._at = key, place, size, 0
        self._file = path.open("rb")
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
            self._held = number, unseal(self._key, sealed, aad=self._place(number))
        return self._held[1]


def unsealed(path: Path, key: bytes, place: ChunkPlace, *, size: int) -> io.BufferedReader:
    """The file in plain, as any binary file is read."""
    return io.BufferedReader(Unsealed(path, key, place, size=size), buffer_size=1 << 16)
