"""Apple Health's `export.zip` as iOS 16 and later write it: with a document type that no parser takes."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, NamedTuple

from demo.watches.life import Day, local
from demo.watches.ways import gpx_of_way

# Two attributes stand outside any declaration: so it is in every export since iOS 16.
DOCTYPE = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 13 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT ExportDate EMPTY>
<!ATTLIST ExportDate
  value CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  unit          CDATA #IMPLIED
  value         CDATA #IMPLIED
  sourceName    CDATA #REQUIRED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
  device        CDATA #IMPLIED
<!ATTLIST
  creationDate  CDATA #IMPLIED
]>
"""
_WHOSE = "Ainon"
WATCH, PHONE = f"{_WHOSE} Apple\N{NO-BREAK SPACE}Watch", f"{_WHOSE} iPhone"
_DEVICES = {
    WATCH: "&lt;&lt;HKDevice: 0x281f3a4b0&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, "
    "hardware:Watch6,7, software:10.3.1&gt;",
    PHONE: "&lt;&lt;HKDevice: 0x281f3a4c0&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, "
    "hardware:iPhone14,5, software:17.3.1&gt;",
}
_QUANTITY = "HKQuantityTypeIdentifier"
BY_HAND = '  <MetadataEntry key="HKWasUserEntered" value="1"/>\n'
_NAME = "apple_health_export/vienti.xml"
_MOST_METRES = 1000


def when(moment: datetime) -> str:
    """As Apple writes times."""
    return local(moment).strftime("%Y-%m-%d %H:%M:%S %z")


def record(kind: str, source: str, unit: str, span: tuple[datetime, datetime], value: object, within: str = "") -> str:
    """One `Record`."""
    begins, ends = when(span[0]), when(span[1])
    ending = f">\n{within} </Record>\n" if within else "/>\n"
    return (
        f' <Record type="{kind}" sourceName="{source}" sourceVersion="10.3.1" device="{_DEVICES[source]}" unit="{unit}"'
        f' creationDate="{ends}" startDate="{begins}" endDate="{ends}" value="{value}"{ending}'
    )


def _of_day(day: Day) -> Iterator[str]:
    for walk in day.walks:
        span = walk.begins_at, walk.ends_at
        yield record(_QUANTITY + "StepCount", WATCH, "count", span, walk.steps)
        yield record(_QUANTITY + "DistanceWalkingRunning", WATCH, "km", span, walk.metres / _MOST_METRES)
        # The phone in the pocket counts nearly the same.
        yield record(_QUANTITY + "StepCount", PHONE, "count", span, walk.steps - 7)
        yield record(_QUANTITY + "BasalEnergyBurned", WATCH, "kcal", span, 12.5)
    for at, beats in day.beats:
        yield record(_QUANTITY + "HeartRate", WATCH, "count/min", (at, at), beats)
    yield record(_QUANTITY + "RestingHeartRate", WATCH, "count/min", (day.up_at, day.up_at), day.resting)
    active = day.walks[0].begins_at
    yield record(_QUANTITY + "AppleExerciseTime", WATCH, "min", (active, active + timedelta(hours=2)), day.active)
    yield from _night(day)
    if day.run:
        yield (
            f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="{day.run.minutes}"'
            f' durationUnit="min" sourceName="{WATCH}" device="{_DEVICES[WATCH]}"'
            f' startDate="{when(day.run.begins_at)}" endDate="{when(day.run.ends_at)}">\n'
            '  <WorkoutEvent type="HKWorkoutEventTypePause" date="2026-01-01 10:00:00 +0200"/>\n'
            f'  <WorkoutRoute sourceName="{WATCH}" sourceVersion="10.3.1" device="{_DEVICES[WATCH]}">\n'
            '   <MetadataEntry key="HKMetadataKeySyncVersion" value="2"/>\n'
            f'   <FileReference path="/workout-routes/{_route_name(day)}"/>\n  </WorkoutRoute>\n </Workout>\n'
        )


def _route_name(day: Day) -> str:
    return f"route_{day.day}_9.00pm.gpx"


def _night(day: Day) -> Iterator[str]:
    kind, stage = "HKCategoryTypeIdentifierSleepAnalysis", "HKCategoryValueSleepAnalysis"
    first = day.bed_at + timedelta(minutes=day.asleep // 2)
    last = first + timedelta(minutes=day.asleep - day.asleep // 2)
    yield record(kind, PHONE, "", (day.bed_at, day.up_at), stage + "InBed")
    yield record(kind, WATCH, "", (day.bed_at, first), stage + "AsleepCore")
    yield record(kind, WATCH, "", (first, last), stage + "AsleepREM")
    yield record(kind, WATCH, "", (last, day.up_at), stage + "Awake")


def apple_xml(days: Sequence[Day], extra: str = "") -> Iterator[str]:
    """The parts of the XML; `extra` is written before the end."""
    exported = days[-1].up_at + timedelta(days=1)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}<HealthData locale="fi_FI">\n'
    yield f' <ExportDate value="{when(exported)}"/>\n <Me HKCharacteristicTypeIdentifierBloodType="x"/>\n'
    for day in days:
        yield from _of_day(day)
    yield extra + "</HealthData>\n"


def apple_export(days: Sequence[Day], extra: str = "", *, whose: str = _WHOSE) -> bytes:
    """The packed export; its names are in the phone's language, and those of devices begin with `whose`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_NAME, "".join(apple_xml(days, extra)).replace(f"{_WHOSE} ", f"{whose} "))
        archive.writestr(
            "apple_health_export/vienti_cda.xml", '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"/>'
        )
        for day in days:
            if day.run:
                route = gpx_of_way(day.run, creator="Apple Health Export")
                archive.writestr(f"apple_health_export/workout-routes/{_route_name(day)}", route)
    return packed.getvalue()


class Written(NamedTuple):
    """Records of a large export: all, those of measures that are asked for, and how many of these stand twice."""

    records: int
    wanted: int
    doubled: int


_KINDS = [("HeartRate", "count/min"), ("StepCount", "count"), ("ActiveEnergyBurned", "kcal"),
          ("DistanceWalkingRunning", "km"), ("BasalEnergyBurned", "kcal")]  # fmt: skip
_BY_PHONE, _UNASKED = {"StepCount", "DistanceWalkingRunning"}, {"ActiveEnergyBurned", "BasalEnergyBurned"}
_TEN_YEARS = 3650


def write_large(
    file: IO[bytes],
    megabytes: int,
    first: datetime,
    *,
    days: int = _TEN_YEARS,
    duplicates: float = 0.0,
    phone: bool = False,
) -> Written:
    """A packed export of about so many megabytes of XML over so many days, every record another one.

    In it, as in real ones, half is heart rates and energy, and records stand by kind, by source and then by time.
    `duplicates` is the share that stands twice, to the letter. With `phone` a phone beside the watch counts steps and
    ways of the same hours, in spans of its own of which half lie more in the watch's than beside them.
    """
    both = _BY_PHONE if phone else set()
    streams = [
        (kind, unit, source) for kind, unit in _KINDS for source in (WATCH, PHONE) if source == WATCH or kind in both
    ]
    each = len(record(_QUANTITY + "BasalEnergyBurned", WATCH, "kcal", (first, first), "0.25"))
    count = int(megabytes * 1_000_000 / (1 + duplicates)) // each // len(streams)
    step, every = timedelta(days=days) / count, round(1 / duplicates) if duplicates else 0
    doubled = len(range(0, count, every)) if every else 0
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(_NAME, "w", force_zip64=True) as xml,
    ):
        xml.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}<HealthData locale="fi_FI">\n'.encode())
        for kind, unit, source in streams:
            lasts = step * _COUNTED if kind in both else timedelta()
            template = record(_QUANTITY + kind, source, unit, (first, first), "{value}")
            line = template.replace(f'startDate="{when(first)}"', 'startDate="{begin}"').replace(when(first), "{end}")
            for begin in range(0, count, _AT_ONCE):
                numbers = range(begin, min(begin + _AT_ONCE, count))
                xml.write(
                    "".join(_lines(line, numbers, first, step, lasts, every=every, late=source == PHONE)).encode()
                )
        xml.write(b"</HealthData>\n")
    wanted = [kind for kind, _, _ in streams if kind not in _UNASKED]
    return Written((count + doubled) * len(streams), (count + doubled) * len(wanted), doubled * len(wanted))


# Of the time between two records, how much one covers, and how far the phone's may lie behind the watch's.
_COUNTED, _BEHIND = 0.45, 0.5
_AT_ONCE = 1000


def _lines(
    line: str, numbers: range, first: datetime, step: timedelta, lasts: timedelta, *, every: int, late: bool
) -> Iterator[str]:
    for number in numbers:
        begin = first + number * step
        if late:
            begin += step * (_BEHIND * (number % 10) / 10)
        told = line.replace("{begin}", _quick(begin)).replace("{end}", _quick(begin + lasts))
        told = told.replace("{value}", str(60 + number % 40))
        yield told
        if every and number % every == 0:
            yield told


def _quick(moment: datetime) -> str:
    return f"{moment.isoformat(' ', 'seconds')[:19]} +0200"
