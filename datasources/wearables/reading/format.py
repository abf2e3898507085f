"""What a format is to whoever reads a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns, columns_of
from datasources.wearables.points import Point
from datasources.wearables.reading.forward import Broken, Forward

_TOGETHER = 4096


@dataclass(frozen=True)
class Format:
    """`recognises` looks at the first 64 KiB.

    `read` goes through the file once, forward, and gives points as they are found, some at a time. It may raise Broken,
    after the points that could be read, and Unusable. `title` is the maker's own name, in every language.
    """

    name: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Callable[[Forward, Collector], Iterator[list[Point] | Columns]]

    def columns(self, stream: Forward, collector: Collector) -> Iterator[Columns]:
        """What `read` gives, thousands of points together however few it gives at a time. The same is raised."""
        waiting: list[Point] = []
        fault: Broken | None = None
        try:
            for found in self.read(stream, collector):
                if isinstance(found, Columns):
                    yield found
                    continue
                waiting += found
                if len(waiting) >= _TOGETHER:
                    yield from _parted(waiting)
                    waiting = []
        except Broken as broken:
            fault = broken
        yield from _parted(waiting)
        if fault:
            raise fault


def _parted(points: list[Point]) -> Iterator[Columns]:
    for begin in range(0, len(points), _TOGETHER):
        yield columns_of(points[begin : begin + _TOGETHER])
