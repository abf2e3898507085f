"""What memory does not hold lies sealed in a file that has no name."""

import os
import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from datasources.wearables.columns import Series
from datasources.wearables.points import Device, Measure
from datasources.wearables.rules.rows import Rows
from datasources.wearables.spill import Spill
from datasources.wearables.troubles import Trouble, Unusable, there_is_room

KELLO = Series(Measure.STEPS, "Ainon kello", Device.WATCH, by_hand=False)
DAY = date(2026, 5, 4).toordinal()


def _rows(begins: Sequence[int], *series: Series) -> Rows:
    """Each of a minute, its beginning for a value; of as many series as there are named, by turns."""
    found = np.array(begins)
    return Rows(series, np.arange(len(begins)) % len(series), found, np.full(len(begins), 60), found.astype(np.float64))


def _filled(spill: Spill) -> None:
    for first in range(0, 1000, 10):
        numbers = range(first, first + 10)
        spill.add([DAY + number % 3 for number in numbers], _rows(numbers, KELLO))


@pytest.mark.parametrize("most", [1, 500, 1 << 20])
def test_each_day_gets_back_all_of_its_points(most: int, tmp_path: Path) -> None:
    with Spill(tmp_path, most=most) as spill:
        _filled(spill)
        found = {day: spill.rows(day) for day in spill.days()}
    assert {day: rows.begins.tolist() for day, rows in found.items()} == {
        DAY + day: list(range(day, 1000, 3)) for day in range(3)
    }
    told = [
        (rows.series[number], last, value - begin)
        for rows in found.values()
        for number, last, value, begin in zip(rows.number, rows.lasts, rows.values, rows.begins, strict=True)
    ]
    assert set(told) == {(KELLO, 60, 0.0)}


def test_the_file_has_no_name_and_cannot_be_read(tmp_path: Path) -> None:
    with Spill(tmp_path, most=500) as spill:
        _filled(spill)
        laid = os.pread(spill._file.fileno(), 1 << 20, 0)
        assert (list(tmp_path.iterdir()), len(laid) > 20_000) == ([], True)
        # As each would stand there in the open.
        assert [number for number in range(1000) if struct.pack("<qId", number, 60, number) in laid] == []


def test_a_file_of_ten_thousand_devices_is_refused(tmp_path: Path) -> None:
    many = [KELLO._replace(source=str(number)) for number in range(10_000)]
    with Spill(tmp_path) as spill:
        spill.add([DAY] * 10_000, _rows(range(10_000), *many))
        with pytest.raises(Unusable, match="dangerous"):
            spill.add([DAY], _rows([0], KELLO))


def test_a_device_of_which_nothing_counts_is_none(tmp_path: Path) -> None:
    many = [KELLO._replace(source=str(number)) for number in range(20_000)]
    with Spill(tmp_path) as spill:
        spill.add([DAY] * 5, _rows(range(5), *many))
        assert spill.days() == [DAY]


def test_a_day_that_memory_would_not_hold_is_refused(tmp_path: Path) -> None:
    with Spill(tmp_path) as spill:
        spill.add([DAY] * 500_000, _rows(range(500_000), KELLO))
        assert spill.days() == [DAY]
        spill.add([DAY], _rows([500_000], KELLO))
        with pytest.raises(Unusable, match="dangerous"):
            spill.days()


def test_a_full_disk_is_told_as_such() -> None:
    with pytest.raises(Unusable) as refused, there_is_room(), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")
    assert refused.value.trouble is Trouble.NO_ROOM
