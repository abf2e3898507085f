"""Days as the two interfaces tell them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from demo.watches.life import Day, local
from demo.watches.others import oura_export

Json = dict[str, Any]


def oura(kind: str, days: Sequence[Day]) -> list[Json]:
    """Of one kind: daily_activity, sleep, workout, heartrate."""
    if kind == "heartrate":
        beats = [beat for day in days for beat in day.beats]
        return [{"bpm": bpm, "source": "awake", "timestamp": at.isoformat()} for at, bpm in beats]
    rows: list[Json] = json.loads(oura_export(days))[kind]
    return rows


def polar_activities(days: Sequence[Day]) -> list[Json]:
    """Days, without a transaction."""
    return [
        {
            "start_time": f"{day.day}T00:00",
            "end_time": f"{day.day}T23:59",
            "active_duration": f"PT{day.active // 60}H{day.active % 60}M",
            "steps": sum(walk.steps for walk in day.walks),
            "distance_from_steps": float(sum(walk.metres for walk in day.walks)),
        }
        for day in days
    ]


def polar_nights(days: Sequence[Day]) -> Json:
    """Stages in seconds."""
    nights = [
        {
            "date": str(day.day),
            "sleep_start_time": local(day.bed_at).isoformat(),
            "sleep_end_time": local(day.up_at).isoformat(),
            "light_sleep": day.asleep * 40,
            "deep_sleep": day.asleep * 12,
            "rem_sleep": day.asleep * 8,
            "unrecognized_sleep_stage": 0,
        }
        for day in days
    ]
    return {"nights": nights}


def polar_exercises(days: Sequence[Day]) -> list[Json]:
    """Local times, with minutes from UTC."""
    told = []
    for day in days:
        if day.run:
            begin = local(day.run.begins_at)
            offset = int((begin.utcoffset() or timedelta()).total_seconds() // 60)
            run: Json = {"id": f"r{day.day}", "start_time": f"{begin:%Y-%m-%dT%H:%M:%S}"}
            run |= {
                "start_time_utc_offset": offset,
                "duration": f"PT{day.run.minutes}M",
                "heart_rate": {"average": 141},
            }
            told.append(run)
    return told
