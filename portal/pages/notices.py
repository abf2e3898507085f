"""Where a notice leads: by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from portal.notices.enums import NoticeKind

# Everything is about one's own permissions, but for these.
_ELSEWHERE: Mapping[NoticeKind, str] = {
    NoticeKind.LETTERS_CHANGED: "letters",
    NoticeKind.REQUEST_ANSWERED: "rights",
    NoticeKind.REQUEST_LATER: "rights",
    NoticeKind.LIMIT_ENDS: "rights",
    NoticeKind.CORRECTED: "rights",
    NoticeKind.BREACH: "breaches",
    NoticeKind.TIE_ENDED: "devices",
    NoticeKind.MOVED_AWAY: "moved_away",
    NoticeKind.JOINED: "usage",
    NoticeKind.SPLIT: "usage",
    NoticeKind.CASE_NEWS: "your_cases",
    NoticeKind.WORDS_READ: "your_cases",
    NoticeKind.CHILD_WAITS: "people",
    NoticeKind.CHILD_MOVED: "people",
    NoticeKind.CHILD_ANSWERED: "people",
    NoticeKind.CHILD_TAKEN_BACK: "people",
}


@dataclass(frozen=True)
class Told:
    """A notice as a page shows it."""

    what: str
    url: str
    at: datetime
    told_at: datetime | None


def told_of(kind: str, at: datetime, told_at: datetime | None) -> Told:
    """In the reader's language, with the page that it is about."""
    known = NoticeKind(kind)
    return Told(str(known.label), reverse(_ELSEWHERE.get(known, "permissions")), at, told_at)
