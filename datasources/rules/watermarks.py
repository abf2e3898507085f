"""From where a dataset is read on, when its source tells when a row was last changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# What was written but not yet committed when the last reading looked carries an earlier time than the newest it saw.
OVERLAP = timedelta(minutes=10)
SWEEP_DAYS = 7


@dataclass(frozen=True)
class Before:
    """The last reading: its newest watermark, when everything was last read, and by which mapping."""

    watermark: str
    swept_at: datetime
    mapping_version: int


def begins_at(before: Before, *, mapping_version: int, sweep_days: int, at: datetime) -> str | None:
    """The watermark to read from; None when everything is to be read: only that finds what was removed."""
    if not before.watermark or before.mapping_version != mapping_version:
        return None
    return rewound(before.watermark) if is_swept(before, sweep_days=sweep_days, at=at) else None


def is_swept(before: Before, *, sweep_days: int, at: datetime) -> bool:
    """Everything was read not long ago."""
    return at - before.swept_at < timedelta(days=sweep_days)


def rewound(watermark: str) -> str:
    """A moment a little earlier; a watermark that is a number stays as it is."""
    try:
        moment = datetime.fromisoformat(watermark)
    except ValueError:
        return watermark
    return (moment - OVERLAP).isoformat(sep=" ")
