"""Numbers of requests to the city's case register (906/2019 25-26 §): each when it comes, and whenever it changes.

A signed message for each (Standard Webhooks), of a request without its person, to the one address that settings name.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import F, Q
from msgspec import json

from consents.rules.delivering import flaw_of_address
from consents.webhooks.posting import Post
from consents.webhooks.signing import headers
from portal.requests.figures import CaseRow, case_row
from portal.requests.models import Request
from portal.walls import Role, scope

log = structlog.get_logger(__name__)
_BATCH = 200
# Nobody answers, or the register is out of order: the rest waits for the next run.
_SERVER_ERRORS = 500
# What stands there is not what stands here, or nothing does.
_UNTOLD = ~Q(told_state=F("state")) | ~Q(told_due_on=F("due_on"))


# By what requests are gone through: when one came, and its number.
Place = tuple[datetime, str]


def flaw_of_register() -> str:
    """Why nothing may be sent to the address that settings name, as its writing shows; empty when it may.

    As of webhooks: https, and http to this machine only. Inward it leads where the operator lets it, looked at before
    each sending (`portal.outward`).
    """
    return flaw_of_address(settings.CASE_REGISTER_URL)


def tell_case_register(*, at: datetime, after: Place | None = None, batch: int = _BATCH) -> tuple[int, Place | None]:
    """(How many were told, where to go on) of at most `batch` after a place, the oldest first; None: no further now.

    Nothing where no address is set, or one with a flaw (`flaw_of_register`). A message may go twice, under the
    same id. Opens its own scopes.
    """
    if not settings.CASE_REGISTER_URL:
        return 0, None
    if flaw := flaw_of_register():
        # The system check says so at the start; a server that was started without it sends nothing either.
        log.error("case_register_refused", why=flaw)
        return 0, None
    with scope(Role.WORKER):
        untold = Request.objects.filter(_UNTOLD).order_by("received_at", "number")
        if after:
            untold = untold.filter(Q(received_at__gt=after[0]) | Q(received_at=after[0], number__gt=after[1]))
        rows = list(untold[:batch])
    told, silent = _carried(rows, at=at)
    with scope(Role.WORKER):
        for row in told:
            as_told = {"state": row.state, "due_on": row.due_on}
            # What changed meanwhile is told once more.
            Request.objects.filter(pk=row.pk).filter(**as_told).update(told_state=row.state, told_due_on=row.due_on)
    if len(told) < len(rows):
        log.warning("case_register_not_told", left=len(rows) - len(told))
    return len(told), None if silent or not rows else (rows[-1].received_at, rows[-1].number)


def _carried(rows: Sequence[Request], *, at: datetime) -> tuple[list[Request], bool]:
    """(Those that the register took, whether it fell silent). Outside every transaction: it may be slow.

    One that it refuses keeps no other waiting.
    """
    told: list[Request] = []
    with closing(Post()) as post:
        for row in rows:
            case = case_row(row)
            message, body = f"{row.number}-{row.state}-{row.due_on:%Y%m%d}", _body(case)
            signed = headers([settings.CASE_REGISTER_SECRET], message, int(at.timestamp()), body)
            outcome = post.send(settings.CASE_REGISTER_URL, signed, body)
            if not outcome.fault:
                told.append(row)
            elif outcome.status is None or outcome.status >= _SERVER_ERRORS:
                return told, True
    return told, False


def _body(case: CaseRow) -> bytes:
    """`{"type": "request.changed", "data": {...}}`; days in ISO 8601, what is not so yet is null."""
    return json.encode({"type": "request.changed", "data": asdict(case)})
