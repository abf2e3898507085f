"""I looked, in my own system."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.actions.reporting import (
    NoSuchPurposeAt,
    NoSuchRegisterAt,
    NotOfThisPurpose,
    Use,
    report_nothing,
    report_uses,
)
from consents.api.naming import Case, Line, Slug, SubjectIn, named
from portal.people.subjects import lookups_of
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.problems import BadRequest, Flaw
from portal.rest.schema import described
from portal.walls import Role, scope

MOST = 1000
OLDEST = timedelta(days=730)
_SKEW = timedelta(minutes=5)


class UseIn(msgspec.Struct, forbid_unknown_fields=True):
    """One look. `unit` and `role` say who looked, never a name; `reference` is your own number of the look."""

    subject: SubjectIn
    at: datetime
    unit: Annotated[Line, msgspec.Meta(min_length=1)]
    role: Annotated[Line, msgspec.Meta(min_length=1)]
    purpose: Slug
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    case: Case = ""
    reference: Case = ""


class UsesIn(msgspec.Struct, forbid_unknown_fields=True):
    """Looks that have not been told of before; and your registers in which nobody looked since you told last."""

    uses: Annotated[list[UseIn], msgspec.Meta(max_length=MOST)] = []
    nothing_in: Annotated[list[Slug], msgspec.Meta(max_length=50)] = []


class UsesOut(msgspec.Struct):
    """How many were taken; all that were sent."""

    received: int


def _use(department: str, number: int, told: UseIn, now: datetime) -> Use:
    place = f"/uses/{number}"
    if told.at.tzinfo is None:
        raise BadRequest(Flaw(f"{place}/at", "A time needs its zone, as in 2026-11-24T10:00:00Z."))
    if not now - OLDEST <= told.at <= now + _SKEW:
        raise BadRequest(Flaw(f"{place}/at", "A time within the last two years, not to come."))
    who = named(department, told.subject, at=f"{place}/subject")
    return Use(who, told.at, told.unit, told.role, told.purpose, told.datasets, told.case, told.reference)


def _no_such_purpose(number: int) -> BadRequest:
    return BadRequest(Flaw(f"/uses/{number}/purpose", "You have no purpose of that name."))


class UsesView(APIView):
    """Uses of data in the departments' own systems."""

    needs = "uses:write"

    @described(
        "report",
        tag="Records",
        needs=needs,
        takes=UsesIn,
        gives=UsesOut,
        asked={
            "uses": [
                {
                    "subject": {"subject": "kL3vQ0b8nA1xYc5Rr2eWtg"},
                    "at": "2026-11-24T10:00:00Z",
                    "unit": "Leppävaaran uimahalli",
                    "role": "liikunnanohjaaja",
                    "purpose": "swimming-reminders",
                    "datasets": ["sports-courses"],
                    "case": "D/1234/2026",
                    "reference": "look-88213",
                }
            ]
        },
        answered={"received": 1},
        once=True,
        status=201,
    )
    @once
    def post(self, request: Request) -> Response:
        """I looked, in my own system: up to 1,000 looks, all taken or none. Each resident sees theirs.

        A register that has promised to report and falls silent is shown as silent: where nobody looked, name it in
        `nothing_in` once a day. Whether somebody is known to the portal is not told.
        """
        asked, caller, now = body_of(request, UsesIn), caller_of(request), timezone.now()
        if not asked.uses and not asked.nothing_in:
            raise BadRequest(Flaw("/uses", "Tell of a look, or of a register in which nobody looked."))
        strange = (number for number, told in enumerate(asked.uses) if not caller.may_name(told.purpose))
        if (number := next(strange, None)) is not None:
            raise _no_such_purpose(number)
        uses = [_use(caller.department, number, told, now) for number, told in enumerate(asked.uses)]
        try:
            with scope(Role.API, lookups=lookups_of(use.who for use in uses)):
                if uses:
                    report_uses(uses, by=caller.actor, at=now)
                report_nothing(asked.nothing_in, by=caller.actor, at=now)
        except NoSuchPurposeAt as fault:
            raise _no_such_purpose(fault.number) from None
        except NoSuchRegisterAt as fault:
            raise BadRequest(Flaw(f"/nothing_in/{fault.number}", "You have no register of that name.")) from None
        except NotOfThisPurpose as fault:
            raise BadRequest(Flaw(f"/uses/{fault.number}/datasets", "The purpose does not use these data.")) from None
        return Response(UsesOut(len(uses)), status=201)
