"""Routes while a file is read: formats tell each place as it comes, and nothing is kept that was not asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from datasources.wearables.points import Device, RouteCounts, RouteLeft
from datasources.wearables.routes.measuring import between, is_place
from datasources.wearables.routes.shapes import Piece, Place, Told, packed
from datasources.wearables.routes.thinning import Thinning

# After thinning: some hundred kilometres through a town, at the least.
MOST_PLACES = 20_000
# Of one file, and of one person: a workout a day for more than a dozen years.
MOST_ROUTES = 5_000
# Of one file, packed: what memory holds until all of it is read.
_MOST_BYTES = 64 << 20
_MOST_NAMES, _LONGEST_NAME = 100_000, 200


@dataclass(frozen=True)
class Gathered:
    """One route: `body` holds its places, `packed`; `begin` is the first of them; `file` is where it stood."""

    told: Told
    begin: Place
    body: bytes
    file: str


class Gatherer:
    """Told by formats: `begin`, `place` by place with a `gap` where the way is not known, `end`.

    Without `wanted` only whether there is a place is looked at. `kept` and `merged` are told by whoever keeps them.
    """

    def __init__(self, *, wanted: bool = False) -> None:
        self.wanted = wanted
        self.found = self.kept = self.merged = self.places_left = 0
        self.left: Counter[RouteLeft] = Counter()
        self._open: _Way | None = None
        self._has_place = False
        self._gathered: list[Gathered] = []
        self._bytes = 0
        self._names: dict[str, tuple[str, Device]] = {}

    @property
    def needs_place(self) -> bool:
        """Whether a format should look for the next place: one is enough to count what is not wanted."""
        return self.wanted or not self._has_place

    def begin(self) -> None:
        """A route may follow; what was not ended is no route."""
        self._open, self._has_place = _Way() if self.wanted else None, False

    def place(self, latitude: float | None, longitude: float | None, at: datetime | None) -> None:
        """In degrees (WGS 84), in the order of the way; impossible ones are left out and counted."""
        self._has_place = True
        if self._open is None:
            return
        if latitude is None or longitude is None or not is_place(latitude, longitude):
            self.places_left += 1
        else:
            self._open.add(latitude, longitude, at)

    def gap(self) -> None:
        """From the last place to the next nobody knows the way."""
        if self._open is not None:
            self._open.gap()

    def end(self, source: str, device: Device, *, file: str = "") -> None:
        """All places of it are told. `file` is the name by which `named` may tell more of it."""
        way, self._open = self._open, None
        if not self._has_place:
            return
        self._has_place = False
        self.found += 1
        why = self._why_left(way)
        if way is None or why is not None:
            self.left[why or RouteLeft.NOT_WANTED] += 1
            return
        gathered = way.gathered(source, device, _name_of(file))
        self._gathered.append(gathered)
        self._bytes += len(gathered.body)

    def _why_left(self, way: "_Way | None") -> RouteLeft | None:
        if way is None:
            return RouteLeft.NOT_WANTED
        if way.is_too_long:
            return RouteLeft.TOO_LONG
        if way.metres < 1:
            return RouteLeft.NO_PLACES
        is_full = len(self._gathered) >= MOST_ROUTES or self._bytes > _MOST_BYTES
        return RouteLeft.TOO_MANY if is_full else None

    def named(self, file: str, source: str, device: Device) -> None:
        """Another file of the export tells what measured the route that stands, or stood, in this one."""
        if self.wanted and len(self._names) < _MOST_NAMES:
            self._names[_name_of(file)] = (source, device)

    def gathered(self) -> Iterator[Gathered]:
        """Every route, by the name of what measured it."""
        for each in self._gathered:
            source, device = self._names.get(each.file, (each.told.source, each.told.device))
            yield replace(each, told=replace(each.told, source=source, device=device))

    def counts(self) -> RouteCounts:
        """As they stand."""
        left = {why: count for why, count in self.left.items() if count}
        return RouteCounts(self.found, self.kept, self.merged, left, self.places_left)


def _name_of(file: str) -> str:
    """Without its folders: that of an export has a name in the phone's language."""
    return PurePosixPath(file[-_LONGEST_NAME:]).name


class _Way:
    """One route that is being told; memory holds the places that stay."""

    def __init__(self) -> None:
        self.metres, self.is_too_long = 0.0, False
        self._before: tuple[float, float] | None = None
        self._thinning = Thinning()
        self._pieces: list[list[Place]] = []
        self._stay = 0
        # Seconds since 1970: the first that was told, the least, the most, and the last that a place has.
        self._origin: float | None = None
        self._least = self._most = self._last = 0.0

    def add(self, latitude: float, longitude: float, at: datetime | None) -> None:
        if self.is_too_long:
            return
        here = latitude, longitude
        if self._before is not None:
            self.metres += between(self._before, here)
        self._before = here
        self._thinning.add(Place(latitude, longitude, round(self.metres), self._seconds(at)))
        self.is_too_long = self._stay + len(self._thinning.stays) > MOST_PLACES

    def _seconds(self, at: datetime | None) -> int | None:
        """Since the first time that was told; None where there is none, or it lies before that of the last place."""
        if at is None:
            return None
        time = at.timestamp()
        if self._origin is None:
            self._origin = self._least = self._most = self._last = time
        self._least, self._most = min(self._least, time), max(self._most, time)
        if time < self._last:
            return None
        self._last = time
        return int(time - self._origin)

    def gap(self) -> None:
        if piece := self._thinning.end():
            self._pieces.append(piece)
            self._stay += len(piece)
        self._thinning, self._before = Thinning(), None

    def gathered(self, source: str, device: Device, file: str) -> Gathered:
        self.gap()
        begun_at, seconds, later = None, None, 0
        if self._origin is not None:
            begun_at = datetime.fromtimestamp(int(self._least // 1), UTC)
            seconds, later = int(self._most - self._least), int(self._origin - self._least)
        pieces = [_later(piece, later) for piece in self._pieces]
        told = Told(begun_at, seconds, round(self.metres), source, device)
        return Gathered(told, pieces[0][0], packed(pieces), file)


def _later(piece: list[Place], seconds: int) -> Piece:
    """The same counted from an earlier time."""
    if not seconds:
        return tuple(piece)
    return tuple(Place(*place[:-1], None if place.seconds is None else place.seconds + seconds) for place in piece)
