"""Apple Health's `export.zip` as iOS 16 and later write it: with a document type that no parser takes."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO

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
WATCH, PHONE = "Ainon Apple\N{NO-BREAK SPACE}Watch", "Ainon iPhone"
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


def apple_export(days: Sequence[Day], extra: str = "") -> bytes:
    """The packed export; its names are in the phone's language."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_NAME, "".join(apple_xml(days, extra)))
        archive.writestr(
            "apple_health_export/vienti_cda.xml", '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"/>'
        )
        for day in days:
            if day.run:
                route = gpx_of_way(day.run, creator="Apple Health Export")
                archive.writestr(f"apple_health_export/workout-routes/{_route_name(day)}", route)
    return packed.getvalue()


def write_large(file: IO[bytes], megabytes: int, first: datetime) -> int:
    """A packed export of about so many megabytes of XML, every record another one; how many records.

    In it, as in real ones, half is heart rates and energy, and records stand by kind and then by time.
    """
    kinds = [("HeartRate", "count/min"), ("StepCount", "count"), ("ActiveEnergyBurned", "kcal"),
             ("DistanceWalkingRunning", "km"), ("BasalEnergyBurned", "kcal")]  # fmt: skip
    each = len(record(_QUANTITY + "BasalEnergyBurned", WATCH, "kcal", (first, first), "0.25"))
    count = (megabytes * 1_000_000) // each // len(kinds)
    # Over ten years, whatever the size.
    step = timedelta(days=3650) / count
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(_NAME, "w", force_zip64=True) as xml,
    ):
        xml.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}<HealthData locale="fi_FI">\n'.encode())
        for kind, unit in kinds:
            template = record(_QUANTITY + kind, WATCH, unit, (first, first), "{value}").replace(when(first), "{at}")
            for begin in range(0, count, 1000):
                lines = [
                    template.replace("{at}", _quick(first + number * step)).replace("{value}", str(60 + number % 40))
                    for number in range(begin, min(begin + 1000, count))
                ]
                xml.write("".join(lines).encode())
        xml.write(b"</HealthData>\n")
    return count * len(kinds)


def _quick(moment: datetime) -> str:
    return f"{moment.isoformat(' ', 'seconds')[:19]} +0200"
