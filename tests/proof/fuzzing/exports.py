"""Exports of watches, changed: bytes turned over, cut, doubled, words put where none belong; plain and packed."""

import io
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
from datasources.wearables.troubles import Unusable
from demo.watches import EXPORTS, days
from tests.proof.fuzzing.driving import drive, examples

_AT = datetime(2026, 11, 1, tzinfo=UTC)
_HERE = ZoneInfo("Europe/Helsinki")
_WORDS = st.sampled_from(
    [
        b"", b"\0", b"<", b">", b"\"", b"]", b"}", b",", b"\n", b"&x;", b"\x0b", b"\xff\xfe", b"\xed\xa0\x80", b"NaN",
        b"1e999", b"9" * 400, b"2100-01-01 00:00:00 +0200", b"0001-01-01T00:00:00", b"9999-12-31 23:59:59 -1200",
        b"-1", b"null", b"[]", b"{}", b"true", b"[[[[", b"<!DOCTYPE x [", b"]>", b"PK\x03\x04", b"PK\x05\x06",
        b"+9999", b"PT",
        "\N{RIGHT-TO-LEFT OVERRIDE}Áánná".encode(),
    ]
)  # fmt: skip
# Seldom at the very beginning: what is not recognised is not read.
_PLACES = st.integers(200, 1 << 20) | st.integers(0, 200)
_CHANGES = st.lists(st.tuples(_PLACES, st.integers(0, 40), _WORDS | st.binary(max_size=8)), max_size=6)


@cache
def _plain(maker: str) -> tuple[bytes, ...]:
    """The export, and each file in it."""
    whole = EXPORTS[maker](days(date(2026, 3, 28), 2))
    if not whole.startswith(b"PK"):
        return (whole,)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return whole, *(archive.read(name) for name in archive.namelist())


def changed(maker: str) -> st.SearchStrategy[bytes]:
    """The maker's export or a file of it, with some of its bytes replaced."""
    return st.builds(_changed, st.sampled_from(_plain(maker)), _CHANGES, st.just(1.0) | st.floats(0.3, 1))


def _changed(content: bytes, changes: list[tuple[int, int, bytes]], length: float) -> bytes:
    for place, taken, put in changes:
        at = place % (len(content) or 1)
        content = content[:at] + put + content[at + taken :]
    return content[: int(len(content) * length)]


def read_any(content: bytes) -> None:
    """It is refused by a kind, or read; its counts add up, and what is kept is the same a second time."""
    held: dict[date, bytes] = {}
    for turn in range(2):
        collector = Collector(_HERE)
        try:
            found = list(take_in(read(io.BytesIO(content), collector), collector, held=held.get, at=_AT))
        except Unusable:
            return
        told = collector.report()
        assert told.read == told.added + told.merged + sum(told.apart.values())
        states = {day.day: day.state for day in found}
        assert not turn or (states == held and not told.added)
        held = states


def hold(*, number: int) -> int:
    """How many examples there were."""
    return sum(
        drive(f"export of {maker}", changed(maker), read_any, count=examples(), number=number) for maker in EXPORTS
    )
