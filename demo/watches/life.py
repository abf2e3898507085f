"""Made-up days: walks, heart rates, nights and runs, the same for the same seed."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Helsinki")
_METRES_A_STEP = 0.72
_STEPS_A_MINUTE = 100


@dataclass(frozen=True)
class Walk:
    """`steps` within `minutes` from `begins_at` (UTC)."""

    begins_at: datetime
    minutes: int
    steps: int

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)

    @property
    def metres(self) -> int:
        return round(self.steps * _METRES_A_STEP)


@dataclass(frozen=True)
class Run:
    """One workout on foot."""

    begins_at: datetime
    minutes: int
    metres: int

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Day:
    """What a watch would have seen. `asleep` is the night that ended on this day, in minutes within bed times (UTC)."""

    day: date
    walks: tuple[Walk, ...]
    beats: tuple[tuple[datetime, int], ...]
    bed_at: datetime
    up_at: datetime
    asleep: int
    resting: int
    active: int
    run: Run | None


def days(first: date, count: int, *, seed: int = 1, every: int = 15) -> list[Day]:
    """`count` days from `first`; a heart rate every `every` minutes, a run every third day."""
    chance = random.Random(seed)
    return [_day(first + timedelta(days=number), number, chance, every) for number in range(count)]


def local(moment: datetime) -> datetime:
    """On the wall in Espoo."""
    return moment.astimezone(HERE)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE).astimezone(UTC)


def _day(day: date, number: int, chance: random.Random, every: int) -> Day:
    walks = []
    for hour in chance.sample(range(8, 21), 6):
        minutes = chance.randint(5, 40)
        steps = minutes * (_STEPS_A_MINUTE + chance.randint(-15, 15))
        walks.append(Walk(_at(day, hour, chance.randint(0, 15)), minutes, steps))
    walks.sort(key=lambda walk: walk.begins_at)
    begin = _at(day, 7)
    beats = tuple((begin + timedelta(minutes=each), chance.randint(58, 118)) for each in range(0, 15 * 60, every))
    bed_at = _at(day - timedelta(days=1), 22, chance.randint(0, 59))
    up_at = _at(day, 6, chance.randint(0, 59))
    asleep = int((up_at - bed_at).total_seconds() // 60) - chance.randint(10, 50)
    run = Run(_at(day, 21), chance.randint(20, 45), chance.randint(3000, 8000)) if number % 3 == 0 else None
    resting, active = chance.randint(52, 64), chance.randint(10, 90)
    return Day(day, tuple(walks), beats, bed_at, up_at, asleep, resting, active, run)
