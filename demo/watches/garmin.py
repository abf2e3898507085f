"""An account's export of Garmin Connect: JSON files, and the FIT files in an archive of their own."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from demo.watches.fit import fit_of
from demo.watches.life import Day, local


def packed(files: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _gmt(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.0")


def _day(day: Day) -> dict[str, Any]:
    return {
        "userProfilePK": 1,
        "calendarDate": str(day.day),
        "totalSteps": sum(walk.steps for walk in day.walks),
        "totalDistanceMeters": sum(walk.metres for walk in day.walks),
        "moderateIntensityMinutes": day.active,
        "vigorousIntensityMinutes": 0,
        "restingHeartRate": day.resting,
        "allDayStress": {"userProfilePK": 1, "aggregatorList": [{"type": "TOTAL"}]},
    }


def _night(day: Day) -> dict[str, Any]:
    return {
        "sleepStartTimestampGMT": _gmt(day.bed_at),
        "sleepEndTimestampGMT": _gmt(day.up_at),
        "calendarDate": str(day.day),
        "deepSleepSeconds": 3600,
        "lightSleepSeconds": day.asleep * 60 - 3600,
        "remSleepSeconds": 0,
        "awakeSleepSeconds": 600,
    }


def _activity(day: Day) -> dict[str, Any]:
    run = day.run
    assert run
    offset = local(run.begins_at).utcoffset()
    return {
        "activityId": 1,
        "activityType": "running",
        "beginTimestamp": float(_ms(run.begins_at)),
        "startTimeLocal": float(_ms(run.begins_at)) + (offset.total_seconds() * 1000 if offset else 0),
        "duration": run.minutes * 60_000.0,
        "elapsedDuration": run.minutes * 60_000.0,
        "distance": run.metres * 100.0,
        "splits": [{"n": 1}],
    }


def garmin_export(days: Sequence[Day]) -> bytes:
    """Days, nights, activities, and the FIT file of each activity."""
    runs = [day for day in days if day.run]
    fits: dict[str, str | bytes] = {
        f"aino@example.com_{n}.fit": fit_of(day.run, places=True) for n, day in enumerate(runs) if day.run
    }
    wellness, fitness = "DI_CONNECT/DI-Connect-Wellness", "DI_CONNECT/DI-Connect-Fitness"
    activities = [{"summarizedActivitiesExport": [_activity(day) for day in runs]}]
    return packed(
        {
            "DI_CONNECT/DI-Connect-Aggregator/UDSFile_2026.json": json.dumps([_day(day) for day in days]),
            f"{wellness}/2026_sleepData.json": json.dumps([_night(day) for day in days]),
            f"{fitness}/aino_1_summarizedActivities.json": json.dumps(activities),
            "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": packed(fits),
            "customer_data/customer.json": json.dumps({"name": "Aino"}),
        }
    )
