"""The feed as one department reads it: numbered announcements, oldest first, behind an opaque and signed cursor."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consents.errors import CursorExpired, CursorNotOurs
from portal.keys.ring import ring
from portal.walls import sent

RESUMABLE_FOR = timedelta(days=90)

_MAC_BYTES = 12
_NUMBER_BYTES = 8
# No subject: nobody can tell the department whom it was about, and it never named them. Whoever goes on from a cursor
# passes over nothing, however old, so that what is too old is seen.
_PAGE = """
SELECT id, number, kind, subject, purpose, consent, datasets, algorithm, happened_at, due_at, numbered_at > %s
FROM consents_announcement
WHERE department = %s AND number > %s AND (%s OR numbered_at > %s) AND subject IS NOT NULL
      AND (%s::text[] = '{}' OR purpose = '' OR purpose = ANY(%s::text[]))
ORDER BY number LIMIT %s
"""


@dataclass(frozen=True)
class Page:
    """`rows` as the statement gives them; `last`, the number to go on after; `more` when there is more already."""

    rows: Sequence[tuple[Any, ...]]
    last: int
    more: bool


def page_of(department: str, *, purposes: Sequence[str], after: int | None, limit: int, at: datetime) -> Page:
    """The next rows after a number, or the oldest that are kept; within a scope of this department.

    `purposes`: what is about others of the department's is left out; none means that nothing is.
    CursorExpired when something between was numbered more than 90 days ago: whoever reads on would miss it.
    """
    oldest, among = at - RESUMABLE_FOR, [list(purposes)] * 2
    goes_on = after is not None
    rows = sent(_PAGE, [oldest, department, after or 0, goes_on, oldest, *among, limit + 1], binary=True)()
    if not all(row[-1] for row in rows):
        raise CursorExpired
    shown = rows[:limit]
    return Page(shown, shown[-1][1] if shown else after or 0, more=len(rows) > limit)


def cursor_after(department: str, number: int) -> str:
    """The cursor that goes on after this number; of use to this department only."""
    told = number.to_bytes(_NUMBER_BYTES, "big")
    return base64.urlsafe_b64encode(told + _mac(department, told)).decode()


def number_of(department: str, cursor: str) -> int:
    """The number that a cursor goes on after; CursorNotOurs when it is not one that this department was given."""
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CursorNotOurs from None
    told, mac = raw[:_NUMBER_BYTES], raw[_NUMBER_BYTES:]
    if not hmac.compare_digest(mac, _mac(department, told)):
        raise CursorNotOurs
    return int.from_bytes(told, "big")


def _mac(department: str, told: bytes) -> bytes:
    _, key = ring().newest("pairwise")
    return hmac.digest(key, b"\x1f".join((b"changes cursor", department.encode(), told)), "sha256")[:_MAC_BYTES]
