"""What a format is to whoever reads a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Point
from datasources.wearables.reading.forward import Forward


@dataclass(frozen=True)
class Format:
    """`recognises` looks at the first 64 KiB.

    `read` goes through the file once, forward, and gives points as they are found, some at a time. It may raise Broken,
    after the points that could be read, and Unusable. `title` is the maker's own name, in every language.
    """

    name: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Callable[[Forward, Collector], Iterator[list[Point]]]
