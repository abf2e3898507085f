"""CSV as a stream."""

import csv
from collections.abc import Iterator

from datasources.wearables.reading.forward import Broken, Forward


def rows(stream: Forward) -> Iterator[list[str]]:
    """Each line's values; Broken where it is no CSV any more."""
    try:
        yield from csv.reader(line.replace("\0", "") for line in stream.lines())
    except csv.Error:
        raise Broken from None
