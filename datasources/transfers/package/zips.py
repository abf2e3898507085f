"""The one way in which a package is written as a ZIP (APPNOTE 6.3.10), and reading nothing but that.

Every field has one value or follows from the file: deflated, no flags, no time but the first of 1980, no extra fields,
no comments, no ZIP64, files one after the other from the first byte on. What Python's `zipfile` writes into a seekable
file for `ZipInfo(name)` is just this. So nothing can hide between the files, and no header can tell one program
something and another program something else.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from io import SEEK_END
from typing import IO, NamedTuple, Protocol

from datasources.transfers.package.reasons import Reason, Refused

LARGEST = 200 * 1024 * 1024
MOST_FILES = 10_000
# Unpacked: one file, all together, and how many times what is packed. Tables of one person pack ten to thirty times.
LARGEST_FILE, LARGEST_UNPACKED, MOST_TIMES = 64 * 1024 * 1024, 512 * 1024 * 1024, 200
# What is small may well be many times smaller packed.
_FREE = 64 * 1024
_LONGEST_NAME = 120
_LEVEL = 6
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _UNIX, _DEFLATED, _DAY_ONE, _MODE = 20, 3, 8, 0x21, 0o600 << 16
_FLAG_ENCRYPTED, _FILE_KIND, _LINK_KIND, _FOLDER = 0x2041, 0o170000 << 16, 0o120000 << 16, 0x10
_TELLS_MORE = 0xFFFF
# As this city's names are, and any other city's may be: nothing in them leads anywhere.
_PLAIN_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)


class Sink(Protocol):
    """What a package is written to: piece by piece, and never gone back in."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""


class Entry(NamedTuple):
    """A file of the archive, as the directory tells of it; `at` is where its header begins."""

    name: bytes
    crc: int
    packed: int
    size: int
    at: int

    @property
    def begins(self) -> int:
        """Where its packed bytes begin."""
        return self.at + _LOCAL.size + len(self.name)

    @property
    def ends(self) -> int:
        """Where the next one begins."""
        return self.begins + self.packed

    def local(self) -> bytes:
        """The header before its bytes."""
        told = (_VERSION, 0, _DEFLATED, 0, _DAY_ONE, self.crc, self.packed, self.size, len(self.name), 0)
        return _LOCAL.pack(_LOCAL_MARK, *told) + self.name

    def central(self) -> bytes:
        """Its line of the directory."""
        made = (_VERSION, _UNIX, _VERSION, 0, 0, _DEFLATED, 0, _DAY_ONE)
        told = (self.crc, self.packed, self.size, len(self.name), 0, 0, 0, 0, _MODE, self.at)
        return _CENTRAL.pack(_CENTRAL_MARK, *made, *told) + self.name


class Packed:
    """A file on its way into an archive: what is added is packed at once and waits so."""

    def __init__(self) -> None:
        self._packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        self._parts: list[bytes] = []
        self.crc = self.size = 0

    def add(self, data: bytes) -> None:
        """The next bytes of the file."""
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
        self._parts.append(self._packing.compress(data))

    def end(self) -> bytes:
        """All of it, packed."""
        return b"".join([*self._parts, self._packing.flush()])


class Writer:
    """`put` each file, then `end`. Names are our own: ASCII letters, digits, `-`, `.` and `/`."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._entries, self.at = sink, list[Entry](), 0

    def put(self, name: str, packed: Packed) -> None:
        """One file, whole."""
        data = packed.end()
        entry = Entry(name.encode("ascii"), packed.crc, len(data), packed.size, self.at)
        self._write(entry.local())
        self._write(data)
        self._entries.append(entry)

    def end(self) -> None:
        """The directory, and its end."""
        begin = self.at
        for entry in self._entries:
            self._write(entry.central())
        self._write(_end(len(self._entries), self.at - begin, begin))

    def _write(self, data: bytes) -> None:
        self._sink.write(data)
        self.at += len(data)


def _end(count: int, size: int, begin: int) -> bytes:
    return _END.pack(_END_MARK, 0, 0, count, count, size, begin, 0)


def entries(file: IO[bytes]) -> list[Entry]:
    """Every file of the archive, in its order, after the whole frame was looked at. Refused."""
    length = file.seek(0, SEEK_END)
    if length > LARGEST:
        raise Refused(Reason.TOO_LARGE)
    file.seek(0)
    head = file.read(4)
    if head.startswith(b"eyJ"):
        raise Refused(Reason.SEALED)
    if head != _LOCAL_MARK:
        file.seek(max(length - _END.size, 0))
        ends = file.read().startswith(_END_MARK)
        raise Refused(Reason.SOMETHING_AROUND if ends and length > _END.size else Reason.NOT_A_PACKAGE)
    count, begin = _directory_of(file, length)
    file.seek(begin)
    directory = file.read(length - _END.size - begin)
    found = list(_lines(directory, count))
    _look_at_sizes(found)
    _look_at_places(found, begin)
    return found


def _directory_of(file: IO[bytes], length: int) -> tuple[int, int]:
    """(how many files, where the directory begins), as the last 22 bytes tell."""
    file.seek(length - _END.size)
    tail = file.read()
    if not tail.startswith(_END_MARK):
        file.seek(max(length - _END.size - 0x10000, 0))
        raise Refused(Reason.SOMETHING_AROUND if _END_MARK in file.read() else Reason.BROKEN_OFF)
    _, _, _, _, count, size, begin, comment = _END.unpack(tail)
    if comment:
        raise Refused(Reason.SOMETHING_AROUND)
    if count > MOST_FILES or count == _TELLS_MORE or size > count * (_CENTRAL.size + _LONGEST_NAME):
        raise Refused(Reason.TOO_MANY_FILES)
    if begin + size + _END.size != length:
        raise Refused(Reason.SOMETHING_AROUND if begin + size + _END.size < length else Reason.BROKEN_OFF)
    if tail != _end(count, size, begin):
        raise Refused(Reason.ARCHIVE)
    return count, begin


def _lines(directory: bytes, count: int) -> Iterator[Entry]:
    at, names = 0, set[bytes]()
    for _ in range(count):
        if len(directory) - at < _CENTRAL.size:
            raise Refused(Reason.ARCHIVE)
        told = _CENTRAL.unpack_from(directory, at)
        flags, method, (crc, packed, size, long), mode, place = told[5], told[6], told[9:13], told[17], told[18]
        name = directory[at + _CENTRAL.size : at + _CENTRAL.size + long]
        _look_at(flags, method, mode, name)
        entry = Entry(name, crc, packed, size, place)
        line = entry.central()
        if directory[at : at + len(line)] != line:
            raise Refused(Reason.ARCHIVE)
        if name in names:
            raise Refused(Reason.DUPLICATE_NAME)
        names.add(name)
        at += len(line)
        yield entry
    if at != len(directory):
        raise Refused(Reason.SOMETHING_AROUND)


def _look_at(flags: int, method: int, mode: int, name: bytes) -> None:
    """What has a reason of its own, before the line as a whole."""
    if not flags and method == _DEFLATED and mode == _MODE and _is_safe(name):
        return
    if flags & _FLAG_ENCRYPTED:
        raise Refused(Reason.ENCRYPTED)
    if mode & _FILE_KIND == _LINK_KIND:
        raise Refused(Reason.LINK)
    if not _is_safe(name) or mode & _FOLDER:
        raise Refused(Reason.UNSAFE_NAME)
    if method != _DEFLATED:
        raise Refused(Reason.COMPRESSION)


def _is_safe(name: bytes) -> bool:
    return len(name) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(name) is not None


def _look_at_sizes(found: list[Entry]) -> None:
    sizes = [(entry.size, entry.packed) for entry in found]
    # Each, and all together: ten thousand small ones make a large one.
    sizes.append((sum(size for size, _ in sizes), sum(packed for _, packed in sizes)))
    if sizes[-1][0] > LARGEST_UNPACKED or any(size > LARGEST_FILE for size, _ in sizes[:-1]):
        raise Refused(Reason.BOMB)
    if any(size > _FREE and size > MOST_TIMES * packed for size, packed in sizes):
        raise Refused(Reason.BOMB)


def _look_at_places(found: list[Entry], directory: int) -> None:
    """One after the other, without a gap, and none over another."""
    begins = [0, *(entry.ends for entry in found)]
    for entry, begin in zip(found, begins, strict=False):
        if entry.at != begin:
            raise Refused(Reason.SOMETHING_AROUND if entry.at > begin else Reason.BOMB)
    if begins[-1] != directory:
        raise Refused(Reason.SOMETHING_AROUND if begins[-1] < directory else Reason.BOMB)


def packed_bytes(file: IO[bytes], entry: Entry) -> bytes:
    """Its packed bytes, after a header that says what the directory says. Refused."""
    file.seek(entry.at)
    data = file.read(entry.ends - entry.at)
    header = entry.local()
    if len(data) != entry.ends - entry.at:
        raise Refused(Reason.BROKEN_OFF)
    if not data.startswith(header):
        raise Refused(Reason.ARCHIVE)
    return data[len(header) :]


def unpacked(entry: Entry, packed: bytes) -> bytes:
    """The file: as many bytes as were told and no more, whatever was packed. Refused."""
    unpacking = zlib.decompressobj(-15)
    try:
        data = unpacking.decompress(packed, entry.size + 1)
    except zlib.error:
        raise Refused(Reason.CHANGED) from None
    if len(data) > entry.size:
        raise Refused(Reason.BOMB)
    if not unpacking.eof or unpacking.unused_data or len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise Refused(Reason.CHANGED)
    return data
