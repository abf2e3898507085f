"""ZIP archives of strangers: looked through before anything is unpacked, refused when they are made to harm."""

import stat
import struct
import zipfile
from collections.abc import Iterator
from io import SEEK_END
from pathlib import PurePosixPath
from typing import IO, cast

from datasources.wearables.reading.forward import Broken, Forward, Seekable
from datasources.wearables.troubles import Trouble, Unusable

MAGIC = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
MOST_FILES = 100_000
MOST_TIMES = 100
# What is small may well be a hundred times smaller packed: a file of zeros.
FREE = 1 << 20
_LARGEST_UNPACKED = 64 << 30
_LARGEST_DIRECTORY = 32 << 20
_LARGEST_TAIL = (1 << 16) + 22
_LOCAL_HEADER = 30
_ENTRY, _END, _END_64, _PLACE_64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENCRYPTED = 0x1
_TOLD_ELSEWHERE = 0xFFFFFFFF


def is_archive(head: bytes) -> bool:
    """By its first bytes."""
    return head.startswith((MAGIC, _EMPTY))


def members(file: Seekable) -> Iterator[Forward]:
    """Each file within, in the archive's order; Unusable before the first, Broken when there is no directory."""
    _look_at_directory(file)
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", file))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeDecodeError):
        raise Broken from None
    with archive:
        # Not `is_dir`: that fails for what has no name.
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        _refuse_harmful(infos, archive.start_dir)
        for info in infos:
            if not _is_left_over(info.filename):
                yield _opened(archive, info)


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Forward:
    try:
        return Forward(archive.open(info), info.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error):
        return Forward(_Nothing(), info.filename)


class _Nothing:
    """A file whose beginning is not where the directory says."""

    def read(self, size: int, /) -> bytes:
        raise EOFError


def _is_left_over(name: str) -> bool:
    """What computers lay beside files by themselves."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _look_at_directory(file: Seekable) -> None:
    """Before the directory becomes objects: a hundred thousand of them is too many, whatever it says of itself."""
    size, place = _directory(file)
    if size > _LARGEST_DIRECTORY:
        raise Unusable(Trouble.TOO_MANY_FILES)
    file.seek(place)
    if file.read(size).count(_ENTRY) > MOST_FILES:
        raise Unusable(Trouble.TOO_MANY_FILES)


def _directory(file: Seekable) -> tuple[int, int]:
    """(bytes, place) of the directory, as the end of the archive tells; APPNOTE 4.3.14 to 4.3.16."""
    length = file.seek(0, SEEK_END)
    begin = max(length - _LARGEST_TAIL, 0)
    file.seek(begin)
    tail = file.read(_LARGEST_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < struct.calcsize("<4s4H2LH"):
        raise Broken
    size: int = struct.unpack_from("<L", tail, at + 12)[0]
    before = tail.rfind(_PLACE_64, 0, at)
    if size == _TOLD_ELSEWHERE and before >= 0:
        file.seek(min(struct.unpack_from("<Q", tail, before + 8)[0], length))
        record = file.read(56)
        if not record.startswith(_END_64) or len(record) < 56:  # noqa: PLR2004 - its size in APPNOTE 4.3.14
            raise Broken
        size = struct.unpack_from("<Q", record, 40)[0]
        return size, max(begin + before - 56 - size, 0)
    return size, max(begin + at - size, 0)


def _refuse_harmful(infos: list[zipfile.ZipInfo], directory: int) -> None:
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Unusable(Trouble.ENCRYPTED)
    if any(_is_unsafe(info) for info in infos):
        raise Unusable(Trouble.UNSAFE_NAMES)
    if not infos:
        return
    ordered = sorted(infos, key=lambda info: info.header_offset)
    ends = [info.header_offset + _LOCAL_HEADER + info.compress_size for info in ordered]
    nexts = [*(info.header_offset for info in ordered[1:]), directory]
    if any(end > begin for end, begin in zip(ends, nexts, strict=True)):
        raise Unusable(Trouble.BOMB)
    sizes = [(info.file_size, info.compress_size) for info in infos]
    # Each, and all together: a hundred thousand small ones make a large one.
    sizes.append((sum(unpacked for unpacked, _ in sizes), sum(packed for _, packed in sizes)))
    if sizes[-1][0] > _LARGEST_UNPACKED:
        raise Unusable(Trouble.TOO_LARGE)
    if any(unpacked > FREE and unpacked > MOST_TIMES * packed for unpacked, packed in sizes):
        raise Unusable(Trouble.BOMB)


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    name = info.filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or stat.S_ISLNK(info.external_attr >> 16)
