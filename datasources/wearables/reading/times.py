"""Times as files write them."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

MILLISECONDS = 1000


def told(text: object, zone: tzinfo) -> tuple[datetime, int | None] | None:
    """(moment, minutes from UTC) of ISO 8601 text, None where there is none.

    Without an offset it is `zone`'s local time, and the minutes are None: of the hour that comes twice in autumn the
    first is meant, and the hour that is left out in spring is reckoned with the winter's offset.
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=zone).astimezone(UTC), None
        distance = moment.utcoffset() or timedelta()
        return moment.astimezone(UTC), int(distance.total_seconds() // 60)
    except (ValueError, OverflowError):
        return None


def since_1970(number: object, *, unit: int = 1) -> datetime | None:
    """A moment of seconds (`unit` 1) or milliseconds (1000) since 1970 in UTC."""
    try:
        return datetime.fromtimestamp(float(number) / unit, UTC)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def offset_of(text: str) -> int | None:
    """Minutes of `UTC+0200`, `+02:00` or `+0200`."""
    digits = text.strip().removeprefix("UTC").replace(":", "")
    if len(digits) != len("+0200") or digits[0] not in "+-" or not digits[1:].isascii() or not digits[1:].isdigit():
        return None
    minutes = int(digits[1:3]) * 60 + int(digits[3:])
    return -minutes if digits[0] == "-" else minutes


def at_offset(moment: datetime, minutes: int | None, zone: tzinfo) -> datetime:
    """A time without zone, on the wall of whoever was `minutes` from UTC, or in `zone`."""
    local = zone if minutes is None else timezone(timedelta(minutes=minutes))
    return moment.replace(tzinfo=local).astimezone(UTC)


def duration(text: object) -> float | None:
    """Seconds of an ISO 8601 duration such as PT1H20M30.5S; None when it is none."""
    if not isinstance(text, str) or not text.startswith("PT"):
        return None
    seconds, number = 0.0, ""
    for sign in text[2:]:
        if sign in "HMS":
            try:
                seconds += float(number) * {"H": 3600, "M": 60, "S": 1}[sign]
            except ValueError:
                return None
            number = ""
        else:
            number += sign
    return None if number else seconds


def whole_day(day: date, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """From midnight to midnight of `zone`, 23 to 25 hours; None at the ends of the calendar."""
    try:
        begin = datetime.combine(day, time(), zone).astimezone(UTC)
        return begin, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    except OverflowError:
        return None


def day_told(text: object) -> date | None:
    """Of ISO 8601, also when a time follows."""
    try:
        return date.fromisoformat(str(text)[: len("2026-01-01")])
    except ValueError:
        return None
