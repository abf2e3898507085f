"""The feed of changes, and the word that a system has acted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_noop
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.actions.acknowledging import acknowledge, hand_over
from consents.api.naming import ChangeKind
from consents.errors import CursorExpired, CursorNotOurs, NotToldOf
from consents.queries.feed import cursor_after, number_of
from portal.people.subjects import written_each
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.paging import limit_of
from portal.rest.problem_kinds import kind
from portal.rest.problems import BadRequest, Flaw, Refused
from portal.rest.schema import described
from portal.walls import Role, pipelined, scope

MOST, USUAL = 1000, 200

CURSOR_EXPIRED = kind(
    "cursor-expired",
    410,
    gettext_noop("Changes are kept for 90 days, and this cursor is older."),
    gettext_noop(
        "What happened in between cannot be told any more. Ask “checks” about everyone whose data you use, then read "
        "the changes from the beginning, without “after”."
    ),
)


class ChangeOut(msgspec.Struct, gc=False):
    """One change. `algorithm`: it is about that program only, whose purposes people go on with by themselves.

    `acknowledge_by`: until then every system is to act on it and say so; null when nothing has ended."""

    id: UUID
    kind: ChangeKind
    subject: str
    purpose: str | None
    consent: UUID | None
    datasets: list[str]
    algorithm: str | None
    at: datetime
    acknowledge_by: datetime | None


class ChangesOut(msgspec.Struct):
    """Changes, oldest first. Ask next with `after` set to `next`; `more` when there is more already."""

    changes: list[ChangeOut]
    next: str
    more: bool


class AcknowledgementIn(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing needs to be said but that it was acted on."""


class AcknowledgementOut(msgspec.Struct):
    """When this system first said that it had acted."""

    change: UUID
    acknowledged_at: datetime


_CHANGE = {
    "id": "0199f2f0-6a0e-7c55-9b1e-6d4a6a0e2b11",
    "kind": "consent.withdrawn",
    "subject": "kL3vQ0b8nA1xYc5Rr2eWtg",
    "purpose": "swimming-reminders",
    "consent": "5f0c1c2e-6f0b-4f5e-9a57-6f1f9d0a2b11",
    "datasets": ["sports-courses"],
    "algorithm": None,
    "at": "2026-11-24T10:00:00Z",
    "acknowledge_by": "2026-12-01T10:00:00Z",
}
_CURSOR = "AAAAAAAAACpXkz1h2Yc0t7Qm9fE"
_QUERY = {
    "after": (str, "`next` of the page before; left out, the oldest that are kept come first."),
    "limit": (Annotated[int, msgspec.Meta(ge=1, le=MOST)], f"How many at the most; {USUAL} when left out."),
}


class ChangesView(APIView):
    """What a department's systems may have to act on."""

    needs = "changes:read"

    @described(
        "changes",
        tag="Changes",
        needs=needs,
        query=_QUERY,
        gives=ChangesOut,
        answered={"changes": [_CHANGE], "next": _CURSOR, "more": False},
        refusals={410: "The cursor is older than 90 days."},
    )
    def get(self, request: Request) -> Response:
        """What changed, in the order in which it took effect. None is left out; one may come twice.

        Of purposes that the city does not let your system name nothing is told. Keep `next` once you have acted on the
        page, and ask with it the next time: every few minutes, or when a webhook rings. Changes can be read for 90
        days.
        """
        caller, at = caller_of(request), timezone.now()
        try:
            after = number_of(caller.department, cursor) if (cursor := request.GET.get("after")) else None
            with pipelined(), scope(Role.API, departments=[caller.department]):
                page = hand_over(
                    after=after,
                    limit=limit_of(request, usual=USUAL, most=MOST),
                    purposes=caller.purposes,
                    by=caller.actor,
                    at=at,
                )
        except CursorNotOurs:
            raise BadRequest(Flaw("/after", "This is not a cursor that you were given.")) from None
        except CursorExpired:
            raise Refused(CURSOR_EXPIRED) from None
        told = zip(written_each([row[3] for row in page.rows]), page.rows, strict=True)
        changes = [
            ChangeOut(pk, name, subject, purpose or None, consent, datasets, algorithm or None, then, by)
            for subject, (pk, _, name, _, purpose, consent, datasets, algorithm, then, by, _) in told
        ]
        return Response(ChangesOut(changes, cursor_after(caller.department, page.last), page.more))


class AcknowledgementView(APIView):
    """This system has acted on a change."""

    needs = "changes:read"

    @described(
        "acknowledge",
        tag="Changes",
        needs=needs,
        takes=AcknowledgementIn,
        gives=AcknowledgementOut,
        asked={},
        answered={"change": _CHANGE["id"], "acknowledged_at": "2026-11-24T10:05:00Z"},
        once=True,
    )
    @once
    def post(self, request: Request, change: UUID) -> Response:
        """This system has stopped using what the change took away, or has done with it what the change asks.

        The resident sees which systems have acted and which have not.
        """
        body_of(request, AcknowledgementIn)
        caller = caller_of(request)
        try:
            with scope(Role.API, departments=[caller.department]):
                since = acknowledge(change, by=caller.actor, at=timezone.now())
        except NotToldOf:
            raise Http404 from None
        return Response(AcknowledgementOut(change, since))
