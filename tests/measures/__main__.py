"""`python -m tests.measures`: a running portal measured; a table of what it is held to, and whether it keeps it."""

import sys
import time

from tests.measures import asking, choosing, languages, reading, tasks
from tests.measures.measure import Measure
from tests.measures.tabs import City
from tests.proof.journeys import swimmers
from tests.proof.opened import opened


def measured() -> list[Measure]:
    """One run, one portal; every figure comes from its pages, its database or its log."""
    with opened() as (portal, browser, folder):
        city = City(portal, browser, swimmers(folder / "courses"))
        read = reading.read_all(city)
        return [
            choosing.presses(city),
            choosing.weight(city),
            tasks.without_script(city),
            reading.plainness(read),
            reading.length(read),
            languages.parity(city),
            asking.peace(city),
        ]


def table(found: list[Measure]) -> str:
    """As Markdown."""
    rows = [("#", "Fact", "Bar", "Measured", "")]
    rows += [(each.number, each.fact, each.bar, each.figure, "met" if each.met else "NOT MET") for each in found]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def main() -> int:
    """0 when every bar is kept."""
    began = time.monotonic()
    found = measured()
    print(table(found))
    print(f"Measured in {time.monotonic() - began:.0f} s.")
    return 0 if all(each.met for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
