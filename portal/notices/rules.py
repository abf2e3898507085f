"""Which letter goes when: pure, over dates.

A digest is the only letter that gathers; at most one a month goes to one person, whatever happens and however often
somebody asks.
"""

from calendar import monthrange
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.notices.enums import NoticeKind, Way

HERE = ZoneInfo("Europe/Helsinki")
# A confirmation, a matter of security, the end of a permission about health, and what the law wants told by a day go at
# once; all else waits.
ALONE = frozenset(
    {
        *(NoticeKind.WITHDRAWN, NoticeKind.LETTERS_CHANGED, NoticeKind.REQUEST_LATER),
        *(NoticeKind.LIMIT_ENDS, NoticeKind.BREACH, NoticeKind.MOVED_AWAY, NoticeKind.JOINED, NoticeKind.SPLIT),
        *(NoticeKind.OPEN_AGAIN, NoticeKind.CHILD_MOVED),
        *(NoticeKind.ENDS_IN_30, NoticeKind.ENDS_IN_7, NoticeKind.ENDS_SENSITIVE),
    },
)
# What happened to somebody's account, or in a life that they have a part in; and how long home tells it.
TURNS = frozenset(
    {
        *(NoticeKind.JOINED, NoticeKind.SPLIT, NoticeKind.OPEN_AGAIN),
        *(NoticeKind.MOVED_AWAY, NoticeKind.CHILD_MOVED),
    },
)
TOLD_FOR = timedelta(days=30)
# After each failure so long; then once a day until the letter is a week old.
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
_DAILY = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=7)
# A letter that is being sent belongs to its sender for so long: longer than the slowest service may take to answer.
SENDING_FOR = timedelta(minutes=10)
KEEP_FOR = timedelta(days=365)


def goes_alone(kind: NoticeKind) -> bool:
    """The letter about it waits for no digest."""
    return kind in ALONE


def may_write(way: Way, *, desk_letters: bool, at_desk: bool) -> bool:
    """A letter is wanted: never about what was done at a desk, unless the person asked for that (safety)."""
    return way != Way.NOTHING and (desk_letters or not at_desk)


def next_digest_from(last: datetime) -> datetime:
    """The earliest moment of the next digest: a calendar month later by the clock here, at the same time of day.

    From the 31st it is the first day of the month after the shorter one, so never less than a month.
    """
    here = last.astimezone(HERE)
    year, month = (here.year + 1, 1) if here.month == 12 else (here.year, here.month + 1)  # noqa: PLR2004
    if here.day <= monthrange(year, month)[1]:
        return here.replace(year=year, month=month).astimezone(last.tzinfo)
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
    return here.replace(year=year, month=month, day=1).astimezone(last.tzinfo)


def month_of(at: datetime) -> str:
    """The calendar month here, `2026-11`: the database holds one digest in each."""
    return f"{at.astimezone(HERE):%Y-%m}"


def may_send_digest(last: datetime | None, *, at: datetime) -> bool:
    """A month has passed since the last one; then the calendar shows another month too."""
    return last is None or at >= next_digest_from(last)


def next_try(tries: int, *, made_at: datetime, at: datetime) -> datetime | None:
    """When to try again after `tries` failures; None when it has been tried long enough."""
    pause = _PAUSES[tries - 1] if tries <= len(_PAUSES) else _DAILY
    again = at + pause
    return again if again <= made_at + GIVE_UP_AFTER else None
