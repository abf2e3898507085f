"""Exports of watches, changed: bytes turned over, cut, doubled, words put where none belong; plain and packed."""

import importlib
import io
import zipfile
from collections.abc import Hashable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
from datasources.wearables.routes.drawing import sketch_of
from datasources.wearables.routes.gathering import Gatherer
from datasources.wearables.routes.gpx import gpx_of
from datasources.wearables.routes.measuring import kilometres_of
from datasources.wearables.routes.shapes import Route, unpacked
from datasources.wearables.troubles import Unusable
from demo.watches import EXPORTS, days
from tests.proof.fuzzing.driving import WORDS, drive, examples, minutes_a_parser

_AT = datetime(2026, 11, 1, tzinfo=UTC)
_HERE = ZoneInfo("Europe/Helsinki")
_WORDS = st.sampled_from(WORDS)
# Seldom at the very beginning: what is not recognised is not read.
_PLACES = st.integers(200, 1 << 20) | st.integers(0, 200)
_CHANGES = st.lists(st.tuples(_PLACES, st.integers(0, 40), _WORDS | st.binary(max_size=8)), max_size=6)


@cache
def files_of(maker: str) -> tuple[tuple[str, bytes], ...]:
    """(name, content) of the export, and of each file in it, and of each file in an archive in it."""
    whole = EXPORTS[maker](days(date(2026, 3, 28), 2))
    return ("", whole), *_within(whole)


def _within(whole: bytes) -> Iterator[tuple[str, bytes]]:
    if not whole.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            yield name, content
            yield from _within(content)


def changed(maker: str) -> st.SearchStrategy[bytes]:
    """The maker's export or a file of it, with some of its bytes replaced."""
    return st.builds(
        _changed,
        st.sampled_from([content for _, content in files_of(maker)]),
        _CHANGES,
        st.just(1.0) | st.floats(0.3, 1),
    )


def _changed(content: bytes, changes: list[tuple[int, int, bytes]], length: float) -> bytes:
    for place, taken, put in changes:
        at = place % (len(content) or 1)
        content = content[:at] + put + content[at + taken :]
    return content[: int(len(content) * length)]


def _routes_hold(routes: Gatherer) -> None:
    """Every route of the file is gathered or left, and can be drawn and written."""
    gathered = list(routes.gathered())
    assert routes.found == len(gathered) + sum(routes.left.values())
    for each in gathered:
        route = Route(each.told, unpacked(each.body))
        sketch_of(route)
        kilometres_of(route)
        gpx_of(route, creator="Fuzz")


def read_any(content: bytes) -> Hashable:
    """It is refused by a kind, or read; its counts add up, and what is kept is the same a second time.

    How it ended, by which what behaves alike is known.
    """
    held: dict[date, bytes] = {}
    for turn in range(2):
        collector = Collector(_HERE, routes=Gatherer(wanted=True))
        try:
            found = list(take_in(read(io.BytesIO(content), collector), collector, held=held.get, at=_AT))
        except Unusable as fault:
            return fault.trouble.value
        told = collector.report()
        assert told.read == told.added + told.merged + sum(told.apart.values())
        _routes_hold(collector.routes)
        states = {day.day: day.state for day in found}
        assert not turn or (states == held and not told.added)
        held = states
    kinds = tuple(sorted((why.value, count.bit_length()) for why, count in told.apart.items()))
    return told.formats, told.partial, told.read.bit_length(), len(found).bit_length(), kinds


def hold(*, number: int) -> int:
    """How many examples there were."""
    tried = 0
    for maker in EXPORTS:
        tried += drive(f"export of {maker}", changed(maker), read_any, count=examples(), number=number)
        if minutes := minutes_a_parser():
            tried += importlib.import_module("tests.proof.fuzzing.watches").fuzz(
                maker, seconds=60 * minutes, number=number
            )
    return tried
