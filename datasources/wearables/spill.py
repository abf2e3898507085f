"""Points of more days than memory should hold, put by day into a file that nobody else can read or find.

The file has no name, and what is in it is sealed under a key that was never written down: after a crash nothing of it
can be read.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_bytes

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from datasources.wearables.columns import Series, Whole
from datasources.wearables.rules.rows import Rows
from datasources.wearables.troubles import Trouble, Unusable, there_is_room

_POINT = np.dtype([("number", "<u4"), ("begin", "<i8"), ("last", "<u4"), ("value", "<f8")])
_MOST_IN_MEMORY = 16 << 20
_NONCE = 12
# Nobody has so many devices, and a heart rate each second of three of them is half of such a day.
_MOST_SERIES = 10_000
_LARGEST_DAY = 500_000
_Packed = NDArray[np.void]


class Spill:
    """Rows by day (ordinals of dates). `folder` is where the file is laid; `most` are bytes that memory holds."""

    def __init__(self, folder: Path | None = None, *, most: int = _MOST_IN_MEMORY) -> None:
        self._most = most
        self._series: dict[Series, int] = {}
        self._waiting: list[tuple[Whole, _Packed]] = []
        self._size = 0
        self._counts: Counter[int] = Counter()
        self._places: dict[int, list[tuple[int, int]]] = {}
        self._last: dict[int, _Packed] = {}
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as this is
        self._key, self._pieces = AESGCM(token_bytes(32)), 0

    def __enter__(self) -> "Spill":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, days: Sequence[int] | Whole, rows: Rows) -> None:
        """Each row with its day. Unusable(NO_ROOM) when the disk is full, (DANGEROUS) beyond ten thousand series."""
        if not len(rows):
            return
        packed = np.empty(len(rows), _POINT)
        packed["number"], packed["begin"] = rows.numbered(self._number_of), rows.begins
        packed["last"], packed["value"] = rows.lasts, rows.values
        self._waiting.append((np.asarray(days), packed))
        self._size += packed.nbytes
        if self._size >= self._most:
            self._put_away()

    def _number_of(self, series: Series) -> int:
        """In the order in which they were met."""
        if series not in self._series and len(self._series) >= _MOST_SERIES:
            raise Unusable(Trouble.DANGEROUS)
        return self._series.setdefault(series, len(self._series))

    def days(self) -> list[int]:
        """In order, when all is added; Unusable(DANGEROUS) when memory would not hold one of them."""
        self._last = dict(self._by_day())
        if any(count > _LARGEST_DAY for count in self._counts.values()):
            raise Unusable(Trouble.DANGEROUS)
        return sorted(self._counts)

    def rows(self, day: int) -> Rows:
        """All of one of `days`."""
        whole = np.concatenate([*self._laid(day), self._last.get(day, np.empty(0, _POINT))])
        return Rows(
            list(self._series),
            whole["number"].astype(np.int64),
            whole["begin"].copy(),
            whole["last"].astype(np.int64),
            whole["value"].copy(),
        )

    def _laid(self, day: int) -> Iterator[_Packed]:
        for place, length in self._places.get(day, ()):
            self._file.seek(place)
            sealed = self._file.read(length)
            yield np.frombuffer(self._key.decrypt(sealed[:_NONCE], sealed[_NONCE:], None), _POINT)

    def _by_day(self) -> Iterator[tuple[int, _Packed]]:
        """What waited, each day's together; it waits no more."""
        if not self._waiting:
            return
        days = np.concatenate([each for each, _ in self._waiting])
        packed = np.concatenate([each for _, each in self._waiting])
        self._waiting, self._size = [], 0
        order = np.argsort(days, kind="stable")
        found, firsts = np.unique(days[order], return_index=True)
        for day, part in zip(found.tolist(), np.split(packed[order], firsts[1:]), strict=True):
            self._counts[day] += len(part)
            yield day, part

    def _put_away(self) -> None:
        for day, part in self._by_day():
            # Counted, so that no two pieces have the same under this key.
            self._pieces += 1
            nonce = self._pieces.to_bytes(_NONCE, "big")
            sealed = nonce + self._key.encrypt(nonce, part.tobytes(), None)
            self._places.setdefault(day, []).append((self._file.tell(), len(sealed)))
            with there_is_room():
                self._file.write(sealed)
        with there_is_room():
            self._file.flush()
