"""Exports of Fitbit, Google Fit, Samsung Health, Oura and Polar."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from demo.watches.garmin import packed
from demo.watches.life import HERE, Day, Run, Walk, local
from demo.watches.ways import way


def _american(moment: datetime) -> str:
    return moment.strftime("%m/%d/%y %H:%M:%S")


def _minutes(walk: Walk) -> list[tuple[datetime, int]]:
    """The steps of each minute; they add up."""
    each, left = divmod(walk.steps, walk.minutes)
    return [(walk.begins_at + timedelta(minutes=n), each + (n < left)) for n in range(walk.minutes)]


def _night_of_fitbit(day: Day) -> dict[str, Any]:
    return {
        "logId": 1,
        "dateOfSleep": str(day.day),
        "startTime": local(day.bed_at).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "endTime": local(day.up_at).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "minutesAsleep": day.asleep,
        "logType": "auto_detected",
        "levels": {"summary": {"deep": {"minutes": 60}}, "data": [{"level": "deep", "seconds": 60}]},
    }


def fitbit_export(days: Sequence[Day]) -> bytes:
    """Of a Google Takeout: a file a measure."""
    folder = "Takeout/Fitbit/Global Export Data"
    month = f"{days[0].day}.json"
    steps = [
        {"dateTime": _american(at), "value": str(count)}
        for day in days for walk in day.walks for at, count in _minutes(walk)
    ]  # fmt: skip
    # Centimetres.
    distances = [
        {"dateTime": _american(walk.begins_at), "value": str(walk.metres * 100)} for day in days for walk in day.walks
    ]
    beats = [{"dateTime": _american(at), "value": {"bpm": b, "confidence": 2}} for day in days for at, b in day.beats]
    resting = [
        {"dateTime": f"{day.day:%m/%d/%y} 00:00:00",
         "value": {"date": f"{day.day:%m/%d/%y}", "value": day.resting, "error": 6.5}}
        for day in days
    ]  # fmt: skip
    active = [{"dateTime": f"{day.day:%m/%d/%y} 00:00:00", "value": str(day.active)} for day in days]
    runs = [
        {"logId": 2, "activityName": "Run", "activityTypeId": 90009, "startTime": _american(day.run.begins_at),
         "duration": day.run.minutes * 60_000, "activeDuration": day.run.minutes * 60_000, "logType": "tracker"}
        for day in days if day.run
    ]  # fmt: skip
    return packed(
        {
            f"{folder}/steps-{month}": json.dumps(steps, indent=2),
            f"{folder}/distance-{month}": json.dumps(distances, indent=2),
            f"{folder}/heart_rate-{month}": json.dumps(beats, indent=2),
            f"{folder}/resting_heart_rate-{month}": json.dumps(resting, indent=2),
            f"{folder}/moderately_active_minutes-{month}": json.dumps(active, indent=2),
            f"{folder}/calories-{month}": json.dumps([{"dateTime": _american(days[0].up_at), "value": "1.2"}]),
            f"{folder}/sleep-{month}": json.dumps([_night_of_fitbit(day) for day in days], indent=2),
            f"{folder}/exercise-0.json": json.dumps(runs, indent=2),
            "Takeout/archive_browser.html": "<!DOCTYPE html><html></html>",
        }
    )


def _session_of_google(day: Day) -> dict[str, Any]:
    assert day.run
    return {
        "fitnessActivity": "running",
        "startTime": day.run.begins_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "endTime": day.run.ends_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "duration": f"{day.run.minutes * 60}s",
        "segment": [{"fitnessActivity": "running"}],
        "aggregate": [{"metricName": "com.google.calories.expended", "floatValue": 200.5}],
    }


def google_fit_export(days: Sequence[Day], *, header: str = "") -> bytes:
    """The daily figures; `header` in another language than English."""
    english = "Date,Move Minutes count,Calories (kcal),Distance (m),Heart Points,Average heart rate (bpm),Step count"
    lines = [header or english]
    for day in days:
        beats = sum(b for _, b in day.beats) / len(day.beats)
        steps, metres = sum(walk.steps for walk in day.walks), sum(walk.metres for walk in day.walks)
        lines.append(f"{day.day},{day.active},2100.5,{metres},30,{beats},{steps}")
    quarters = "Start time,End time,Step count\n08:00:00.000+02:00,08:15:00.000+02:00,100\n"
    folder = "Takeout/Fit/Daily activity metrics"
    sessions: dict[str, str | bytes] = {
        f"Takeout/Fit/All Sessions/{day.day}_RUNNING.json": json.dumps(_session_of_google(day))
        for day in days
        if day.run
    }
    return packed(
        {
            **sessions,
            f"{folder}/Daily activity metrics.csv": "\ufeff" + "\n".join(lines) + "\n",
            f"{folder}/{days[0].day}.csv": quarters,
        }
    )


def _samsung(kind: str, header: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    text.write(f"{kind},6110012,4\n")
    lines = csv.writer(text, lineterminator="\n")
    # Each line ends in a comma.
    lines.writerow([*header, ""])
    lines.writerows([*row, ""] for row in rows)
    return text.getvalue()


def samsung_export(days: Sequence[Day]) -> bytes:
    """CSV files, whose first line is not their header."""
    utc, heart, night = "%Y-%m-%d %H:%M:%S.000", "com.samsung.health.heart_rate.", "com.samsung.health.sleep."
    daily: list[list[object]] = []
    for day in days:
        steps, metres = sum(walk.steps for walk in day.walks), sum(walk.metres for walk in day.walks)
        # The phone's own and all together, of one day.
        daily += [[f"{day.day} 00:00:00.000", steps - 500, metres - 300, 0]]
        daily += [[f"{day.day} 00:00:00.000", steps, metres, day.active * 60_000]]
    zone = "UTC+0200"
    beats: list[list[object]] = [[at.strftime(utc), at.strftime(utc), zone, b] for day in days for at, b in day.beats]
    nights: list[list[object]] = [[d.bed_at.strftime(utc), d.up_at.strftime(utc), zone, d.asleep] for d in days]
    runs: list[list[object]] = [
        [d.run.begins_at.strftime(utc), d.run.ends_at.strftime(utc), zone, d.run.minutes * 60_000, 1002]
        for d in days if d.run
    ]  # fmt: skip
    times, exercise = ["start_time", "end_time", "time_offset"], "com.samsung.health.exercise."
    folder, kind = "samsunghealth_aino_20260101", "com.samsung.shealth."
    files: dict[str, str | bytes] = {
        f"{folder}/{kind}tracker.pedometer_day_summary.1.csv": _samsung(
            f"{kind}tracker.pedometer_day_summary", ["day_time", "step_count", "distance", "active_time"], daily
        ),
        f"{folder}/{kind}tracker.heart_rate.1.csv": _samsung(
            f"{kind}tracker.heart_rate", [heart + name for name in [*times, "heart_rate"]], beats
        ),
        f"{folder}/{kind}sleep.1.csv": _samsung(
            f"{kind}sleep", [*(night + name for name in times), "sleep_duration"], nights
        ),
        f"{folder}/{kind}exercise.1.csv": _samsung(
            f"{kind}exercise", [exercise + name for name in [*times, "duration", "exercise_type"]], runs
        ),
        f"{folder}/{kind}food_info.1.csv": _samsung(f"{kind}food_info", ["calorie"], [[200]]),
    }
    routes = f"{folder}/jsons/com.samsung.shealth.exercise"
    for number, day in enumerate(days):
        if day.run:
            files[f"{routes}/{number % 10}/{number:08d}.{exercise}location_data.json"] = _samsung_places(day.run)
    return packed(files)


def _samsung_places(run: Run) -> str:
    return json.dumps(
        [
            {"start_time": int(each.at.timestamp() * 1000), "latitude": each.latitude, "longitude": each.longitude,
             "altitude": 3.0, "accuracy": 4.0}
            for each in way(run)
        ]
    )  # fmt: skip


def oura_export(days: Sequence[Day]) -> bytes:
    """One JSON file of lists."""
    nights = [
        {"id": "a", "day": str(day.day), "bedtime_start": local(day.bed_at).isoformat(),
         "bedtime_end": local(day.up_at).isoformat(), "total_sleep_duration": day.asleep * 60,
         "lowest_heart_rate": day.resting, "heart_rate": {"interval": 300, "items": [60, None, 61]}}
        for day in days
    ]  # fmt: skip
    activity = [
        {"id": "b", "day": str(day.day), "steps": sum(walk.steps for walk in day.walks),
         "equivalent_walking_distance": sum(walk.metres for walk in day.walks),
         "medium_activity_time": day.active * 60, "high_activity_time": 0,
         "met": {"interval": 60.0, "items": [0.9, 1.2]}, "class_5_min": "0123"}
        for day in days
    ]  # fmt: skip
    runs = [
        {"id": "c", "activity": "running", "start_datetime": local(day.run.begins_at).isoformat(),
         "end_datetime": local(day.run.ends_at).isoformat(), "source": "confirmed"}
        for day in days if day.run
    ]  # fmt: skip
    return json.dumps({"sleep": nights, "daily_activity": activity, "workout": runs}).encode()


def _polar_training(day: Day) -> str:
    run = day.run
    assert run
    begin = local(run.begins_at)
    minutes = int((begin.utcoffset() or timedelta()).total_seconds() // 60)
    route = [
        {"dateTime": f"{local(each.at):%Y-%m-%dT%H:%M:%S.000}", "latitude": each.latitude,
         "longitude": each.longitude, "altitude": 3.0}
        for each in way(run)
    ]  # fmt: skip
    exercise: dict[str, Any] = {
        "startTime": f"{begin:%Y-%m-%dT%H:%M:%S.000}",
        "duration": f"PT{run.minutes * 60}S",
        "sport": "RUNNING",
        "latitude": route[0]["latitude"],
        "longitude": route[0]["longitude"],
        "samples": {
            "heartRate": [{"dateTime": f"{begin:%Y-%m-%dT%H:%M:%S.000}", "value": 140}] * 20,
            "recordedRoute": route,
        },
    }
    told = {
        "exportVersion": "1.6",
        "name": "Juoksu",
        "startTime": exercise["startTime"],
        "timeZoneOffset": minutes,
        "duration": exercise["duration"],
        "distance": run.metres,
        "averageHeartRate": 141,
        "exercises": [exercise],
    }
    return json.dumps(told)


def _seconds_of(moment: datetime) -> int:
    """On the clock on the wall, from midnight."""
    clock = local(moment)
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def polar_export(days: Sequence[Day]) -> bytes:
    """A file a training and a day, and one of nights."""
    nights = [
        {"night": str(day.day), "evaluation": {"asleepDuration": f"PT{day.asleep // 60}H{day.asleep % 60}M"},
         "sleepResult": {"hypnogram": {"sleepStart": local(day.bed_at).isoformat(),
                                       "sleepEnd": local(day.up_at).isoformat()}}}
        for day in days
    ]  # fmt: skip
    beats = [
        {"userId": 1, "deviceId": "A1B2C3D4", "date": str(day.day),
         "samples": [{"heartRate": b, "secondsFromDayStart": _seconds_of(at), "source": "TIMED_24_7"}
                     for at, b in day.beats]}
        for day in days
    ]  # fmt: skip
    files: dict[str, str | bytes] = {
        "sleep_result_1.json": json.dumps(nights),
        "247ohr_2026_1.json": json.dumps({"deviceDays": beats}),
    }
    for day in days:
        summary = {
            "stepCount": sum(walk.steps for walk in day.walks),
            "stepsDistance": float(sum(walk.metres for walk in day.walks)),
            "calories": 2100,
            "activityLevels": [
                {"level": "SEDENTARY", "duration": "PT36000S"},
                {"level": "CONTINUOS_MODERATE", "duration": f"PT{(day.active - day.active // 2) * 60}S"},
                {"level": "INTERMITTENT_VIGOROUS", "duration": f"PT{day.active // 2 * 60}S"},
            ],
        }
        midnight = datetime(day.day.year, day.day.month, day.day.day, tzinfo=HERE)
        told = {"exportVersion": "1.6", "date": str(midnight.date()), "summary": summary, "samples": {"steps": []}}
        files[f"activity-{day.day}-1.json"] = json.dumps(told)
        if day.run:
            files[f"training-session-{day.day}-1.json"] = _polar_training(day)
    return packed(files)
