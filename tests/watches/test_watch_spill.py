"""What memory does not hold lies sealed in a file that has no name."""

import os
import struct
from datetime import date
from pathlib import Path

import pytest

from datasources.wearables.spill import Spill
from datasources.wearables.troubles import Trouble, Unusable, there_is_room

SERIES = ("steps", "Ainon kello", "watch", False)
DAY = date(2026, 5, 4).toordinal()


def _filled(spill: Spill) -> None:
    for number in range(1000):
        spill.add(DAY + number % 3, (SERIES, number, 60, float(number)))


@pytest.mark.parametrize("most", [1, 500, 1 << 20])
def test_each_day_gets_back_all_of_its_points(most: int, tmp_path: Path) -> None:
    with Spill(tmp_path, most=most) as spill:
        _filled(spill)
        found = {day: list(spill.rows(day)) for day in spill.days()}
    assert found == {
        DAY + day: [(SERIES, number, 60, float(number)) for number in range(day, 1000, 3)] for day in range(3)
    }


def test_the_file_has_no_name_and_cannot_be_read(tmp_path: Path) -> None:
    with Spill(tmp_path, most=500) as spill:
        _filled(spill)
        laid = os.pread(spill._file.fileno(), 1 << 20, 0)
        assert (list(tmp_path.iterdir()), len(laid) > 20_000) == ([], True)
        # As each would stand there in the open.
        assert [number for number in range(1000) if struct.pack("<qId", number, 60, number) in laid] == []


def test_a_file_of_ten_thousand_devices_is_refused(tmp_path: Path) -> None:
    with Spill(tmp_path) as spill:
        for number in range(10_000):
            spill.add(DAY, (("steps", str(number), "watch", False), 0, 60, 1.0))
        with pytest.raises(Unusable, match="dangerous"):
            spill.add(DAY, (("steps", "one more", "watch", False), 0, 60, 1.0))


def test_a_day_that_memory_would_not_hold_is_refused(tmp_path: Path) -> None:
    with Spill(tmp_path) as spill:
        for number in range(500_001):
            spill.add(DAY, (SERIES, number, 1, 1.0))
        with pytest.raises(Unusable, match="dangerous"):
            spill.days()


def test_a_full_disk_is_told_as_such() -> None:
    with pytest.raises(Unusable) as refused, there_is_room(), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")
    assert refused.value.trouble is Trouble.NO_ROOM
