"""`Daily activity metrics.csv` of a Google Takeout, whose headers are in the language of the account; and workouts.

https://developers.google.com/fit. The files of single days beside it tell the same by quarters of an hour, without a
date in them: they are passed over.
"""

from collections.abc import Iterator
from datetime import date

from datasources.wearables.collecting import Collector, shown
from datasources.wearables.formats.google_fit.sessions import is_session, read_session
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.csv_rows import rows
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import whole_day

_SOURCE = "Google Fit"
_MARK = b"\xef\xbb\xbf"
_DATES = ("date", "päivämäärä", "pvm", "datum")
_BEGINS = ("start time", "aloitusaika", "alkamisaika", "starttid")
# {header in small letters: (measure, how many of its unit one is)}, in English, Finnish and Swedish.
_HEADERS: dict[str, tuple[Measure, float]] = {
    "step count": (Measure.STEPS, 1.0),
    "askelmäärä": (Measure.STEPS, 1.0),
    "askelten määrä": (Measure.STEPS, 1.0),
    "askeleet": (Measure.STEPS, 1.0),
    "antal steg": (Measure.STEPS, 1.0),
    "stegantal": (Measure.STEPS, 1.0),
    "distance (m)": (Measure.DISTANCE, 1.0),
    "matka (m)": (Measure.DISTANCE, 1.0),
    "etäisyys (m)": (Measure.DISTANCE, 1.0),
    "avstånd (m)": (Measure.DISTANCE, 1.0),
    "sträcka (m)": (Measure.DISTANCE, 1.0),
    "move minutes count": (Measure.ACTIVE, 1.0),
    "liikuntaminuuttien määrä": (Measure.ACTIVE, 1.0),
    "liikuntaminuutit": (Measure.ACTIVE, 1.0),
    "antal rörelseminuter": (Measure.ACTIVE, 1.0),
    "rörelseminuter": (Measure.ACTIVE, 1.0),
    "average heart rate (bpm)": (Measure.HEART_RATE, 1.0),
    "keskisyke (bpm)": (Measure.HEART_RATE, 1.0),
    "genomsnittlig puls (slag/min)": (Measure.HEART_RATE, 1.0),
    "sleep duration (ms)": (Measure.SLEEP, 1 / 60_000),
    "unen kesto (ms)": (Measure.SLEEP, 1 / 60_000),
    "sömnens längd (ms)": (Measure.SLEEP, 1 / 60_000),
}


# Whatever the language, by the unit.
_PASSED = {"(kcal)": PassedOver.ENERGY, "(kg)": PassedOver.WEIGHT}


def _header(head: bytes) -> list[str]:
    line = head.removeprefix(_MARK).splitlines()[:1]
    return [_plain(name) for name in line[0].decode(errors="replace").split(",")] if line else []


def _plain(name: str) -> str:
    return shown(name.strip('" ')).lower()


def _recognises(head: bytes) -> bool:
    header = _header(head)
    if is_session(head):
        return True
    return bool(header) and header[0] in (*_DATES, *_BEGINS) and bool(_HEADERS.keys() & set(header))


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    if is_session(stream.head):
        yield from read_session(stream, collector, _SOURCE)
        return
    lines = rows(stream)
    header = [_plain(name) for name in next(lines, [])]
    if header[:1] and header[0] in _BEGINS:
        return
    for unit, passed in _PASSED.items():
        if any(unit in name for name in header):
            collector.pass_over(passed)
    columns = [(place, *_HEADERS[name]) for place, name in enumerate(header) if name in _HEADERS]
    for line in lines:
        if line:
            yield list(_of_day(line, columns, collector))


def _of_day(line: list[str], columns: list[tuple[int, Measure, float]], collector: Collector) -> Iterator[Point]:
    try:
        day = whole_day(date.fromisoformat(line[0].strip()), collector.zone)
    except ValueError:
        day = None
    if day is None:
        collector.refuse(Apart.UNREADABLE if line[0].strip() else Apart.NO_TIME)
        return
    for place, measure, factor in columns:
        text = line[place].strip() if place < len(line) else ""
        value = number(text)
        if text and value is None:
            collector.refuse(Apart.UNREADABLE)
        elif value:
            begins_at, ends_at = day if measure is not Measure.SLEEP else (day[0], day[0])
            yield Point(measure, begins_at, ends_at, value * factor, _SOURCE, Device.PHONE)


GOOGLE_FIT = Format("google_fit", "Google Fit", _recognises, _read)
