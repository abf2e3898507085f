"""Bytes that are read once, forward, with a look at the beginning; what breaks underneath is told in one way."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

HEAD = 64 << 10
CHUNK = 256 << 10
_LONGEST_LINE = 1 << 20


class Broken(Exception):
    """The file breaks off here, or is damaged from here on."""


class Source(Protocol):
    """Anything with `read`."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Seekable(Source, Protocol):
    """An upload as it lies somewhere: of any size, read from any place."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of a file."""
        ...

    def tell(self) -> int:
        """As of a file."""
        ...


class Forward(io.RawIOBase):
    """`head` is the beginning; `name` is only for telling people which file within an archive it was."""

    def __init__(self, source: Source, name: str = "") -> None:
        super().__init__()
        self._source, self.name = source, name
        self._fault: Broken | None = None
        self.head = self._first()
        self._left = self.head

    def _first(self) -> bytes:
        found = b""
        try:
            while len(found) < HEAD and (more := self._more(HEAD - len(found))):
                found += more
        except Broken as fault:
            # Told when reading gets there.
            self._fault = fault
        return found

    def _more(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise Broken from None

    def readable(self) -> bool:
        return True

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most `size` bytes and never more than 256 KiB; Broken."""
        size = CHUNK if size is None or size < 0 else size
        if self._left:
            given, self._left = self._left[:size], self._left[size:]
            return given
        if self._fault:
            raise self._fault
        return self._more(min(size, CHUNK))

    def readinto(self, room: Any, /) -> int:
        with memoryview(room).cast("B") as view:
            given = self.read(len(view))
            view[: len(given)] = given
        return len(given)

    def chunks(self) -> Iterator[bytes]:
        """Until the end."""
        while chunk := self.read(CHUNK):
            yield chunk

    def lines(self) -> Iterator[str]:
        """Of UTF-8 text, without a mark at its beginning; Broken at a line of more than a mebibyte."""
        buffered = io.BufferedReader(self, CHUNK)
        first = True
        while line := buffered.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise Broken
            yield line.decode("utf-8-sig" if first else "utf-8", errors="replace")
            first = False
