"""An archive that breaks off has no directory; its files stand one after another and are read as far as they go."""

import struct
import zlib
from collections.abc import Iterator

from datasources.wearables.reading.archive import FREE, MAGIC, MOST_FILES, MOST_TIMES
from datasources.wearables.reading.forward import CHUNK, Forward, Seekable
from datasources.wearables.troubles import Trouble, Unusable

_HEADER = struct.Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZE_COMES_AFTER = 0x1, 0x8
_LONGEST_SEARCH = 64


def rescued(file: Seekable) -> Iterator[Forward]:
    """Each file until nothing can be made of what follows; the one that is cut ends in Broken when it is read."""
    file.seek(0)
    count = 0
    while part := _next(file):
        count += 1
        if count > MOST_FILES:
            raise Unusable(Trouble.TOO_MANY_FILES)
        reader = Forward(part, part.name)
        yield reader
        part.finish()
        file.seek(part.end)


class _Part:
    """One file, unpacked while it is read."""

    def __init__(self, file: Seekable, name: str, method: int, size: int | None) -> None:
        self.name, self._file, self._begin = name, file, file.tell()
        self._method, self._size = method, size
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        self._packed = self._unpacked = 0
        self._kept = b""
        self.ended = method == _STORED and not size

    @property
    def end(self) -> int:
        """Where what follows begins."""
        return self._begin + self._packed

    def read(self, size: int, /) -> bytes:
        while not self.ended:
            found = self._inflated(size) if self._method == _DEFLATED else self._plain(size)
            if found:
                return found
        return b""

    def finish(self) -> None:
        """To the end of it, whatever its reader left."""
        try:
            while self.read(CHUNK):
                pass
        except (EOFError, zlib.error):
            self.ended = True

    def _taken(self, size: int) -> bytes:
        self._file.seek(self.end)
        if not (taken := self._file.read(size)):
            raise EOFError
        self._packed += len(taken)
        return taken

    def _plain(self, size: int) -> bytes:
        left = (self._size or 0) - self._packed
        taken = self._taken(min(size, left))
        self.ended = self._packed >= (self._size or 0)
        return taken

    def _inflated(self, size: int) -> bytes:
        packed = self._kept or self._taken(CHUNK)
        found = self._unpacker.decompress(packed, size)
        self._kept = self._unpacker.unconsumed_tail
        self._unpacked += len(found)
        if self._unpacker.eof:
            self.ended = True
            self._packed -= len(self._unpacker.unused_data)
        if self._unpacked > FREE and self._unpacked > MOST_TIMES * self._packed:
            raise Unusable(Trouble.BOMB)
        return found


def _next(file: Seekable) -> _Part | None:
    """The next file's header: at once, or after the sizes of the one before."""
    begin = file.tell()
    skipped = file.read(_LONGEST_SEARCH).find(MAGIC)
    if skipped < 0:
        return None
    file.seek(begin + skipped)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _HEADER.unpack(header)
    name = file.read(name_length).decode(errors="replace")
    file.seek(extra_length, 1)
    if flags & _ENCRYPTED:
        raise Unusable(Trouble.ENCRYPTED)
    if method == _DEFLATED:
        return _Part(file, name, method, None)
    # What is stored and tells its size only afterwards cannot be followed.
    return _Part(file, name, method, packed) if method == _STORED and not flags & _SIZE_COMES_AFTER else None
