"""Points of more days than memory should hold, put by day into a file that nobody else can read or find.

The file has no name, and what is in it is sealed under a key that was never written down: after a crash nothing of it
can be read.
"""

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from datasources.wearables.rules.daybook import Series
from datasources.wearables.rules.reckoning import Row
from datasources.wearables.troubles import Trouble, Unusable, there_is_room

_POINT = struct.Struct("<IqId")
_MOST_IN_MEMORY = 32 << 20
_NONCE = 12
# Nobody has so many devices, and a heart rate each second of three of them is half of such a day.
_MOST_SERIES = 10_000
_LARGEST_DAY = 500_000 * _POINT.size


class Spill:
    """Rows by day (ordinals of dates). `folder` is where the file is laid."""

    def __init__(self, folder: Path | None = None, *, most: int = _MOST_IN_MEMORY) -> None:
        self._folder, self._most = folder, most
        self._series: dict[Series, int] = {}
        self._waiting: dict[int, bytearray] = {}
        self._size = 0
        self._places: dict[int, list[tuple[int, int]]] = {}
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as this is
        self._key, self._pieces = AESGCM(token_bytes(32)), 0

    def __enter__(self) -> "Spill":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, day: int, row: Row) -> None:
        """Unusable(NO_ROOM) when the disk is full, (DANGEROUS) beyond ten thousand series."""
        series, begin, last, value = row
        number = self._series.setdefault(series, len(self._series))
        if number >= _MOST_SERIES:
            raise Unusable(Trouble.DANGEROUS)
        waiting = self._waiting.get(day)
        if waiting is None:
            waiting = self._waiting[day] = bytearray()
        waiting += _POINT.pack(number, begin, last, value)
        self._size += _POINT.size
        if self._size >= self._most:
            self._put_away()

    def days(self) -> list[int]:
        """In order; Unusable(DANGEROUS) when memory would not hold one of them."""
        found = sorted({*self._waiting, *self._places})
        if any(self._size_of(day) > _LARGEST_DAY for day in found):
            raise Unusable(Trouble.DANGEROUS)
        return found

    def _size_of(self, day: int) -> int:
        return sum(length for _, length in self._places.get(day, ())) + len(self._waiting.get(day, b""))

    def rows(self, day: int) -> Iterator[Row]:
        """All of one day."""
        names = list(self._series)
        for place, length in self._places.get(day, ()):
            self._file.seek(place)
            sealed = self._file.read(length)
            yield from self._unpacked(self._key.decrypt(sealed[:_NONCE], sealed[_NONCE:], None), names)
        yield from self._unpacked(self._waiting.get(day, b""), names)

    @staticmethod
    def _unpacked(packed: bytes | bytearray, names: list[Series]) -> Iterator[Row]:
        for number, begin, last, value in _POINT.iter_unpack(packed):
            yield names[number], begin, last, value

    def _put_away(self) -> None:
        for day, packed in self._waiting.items():
            # Counted, so that no two pieces have the same under this key.
            self._pieces += 1
            nonce = self._pieces.to_bytes(_NONCE, "big")
            sealed = nonce + self._key.encrypt(nonce, bytes(packed), None)
            self._places.setdefault(day, []).append((self._file.tell(), len(sealed)))
            with there_is_room():
                self._file.write(sealed)
        with there_is_room():
            self._file.flush()
        self._waiting, self._size = {}, 0
