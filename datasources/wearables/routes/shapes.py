"""A route as it is kept: places in pieces, packed into few bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from typing import NamedTuple

import msgspec
import zstandard

from datasources.wearables.points import Device

# A tenth of a metre of latitude: no watch knows it better.
MICRODEGREES = 1_000_000
# Columns of whole numbers, each the step from the one before.
_LARGEST = 64 << 20


class Place(NamedTuple):
    """Degrees (WGS 84), metres gone since the beginning, seconds since the beginning where the file tells a time."""

    latitude: float
    longitude: float
    metres: int
    seconds: int | None


Piece = tuple[Place, ...]


@dataclass(frozen=True)
class Told:
    """What a list shows. `begun_at` and `seconds` are None where the file tells no times; `metres` in whole ones."""

    begun_at: datetime | None
    seconds: int | None
    metres: int
    source: str
    device: Device


@dataclass(frozen=True)
class Route:
    """Between two `pieces` nobody knows the way: a pause, a tunnel."""

    told: Told
    pieces: tuple[Piece, ...]

    @property
    def places(self) -> Iterator[Place]:
        """All of them, in order."""
        return (place for piece in self.pieces for place in piece)


def packed(pieces: Sequence[Piece]) -> bytes:
    """Of all places four columns, and how many each piece has."""
    places = [place for piece in pieces for place in piece]
    columns = [
        [round(place.latitude * MICRODEGREES) for place in places],
        [round(place.longitude * MICRODEGREES) for place in places],
        [place.metres for place in places],
        # A second more, so that none stands for none.
        [0 if place.seconds is None else place.seconds + 1 for place in places],
    ]
    told = [[len(piece) for piece in pieces], *map(_steps, columns)]
    return zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(told))


def unpacked(body: bytes) -> tuple[Piece, ...]:
    """The same again, to a millionth of a degree."""
    plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST)
    lengths, *columns = msgspec.msgpack.decode(plain, type=list[list[int]])
    latitudes, longitudes, metres, seconds = map(accumulate, columns)
    places = iter(
        [
            Place(latitude / MICRODEGREES, longitude / MICRODEGREES, gone, after - 1 if after else None)
            for latitude, longitude, gone, after in zip(latitudes, longitudes, metres, seconds, strict=True)
        ]
    )
    return tuple(tuple(next(places) for _ in range(length)) for length in lengths)


def _steps(column: Sequence[int]) -> list[int]:
    return [*column[:1], *(after - before for before, after in pairwise(column))]
