"""I looked, in my own system."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.actions.reporting import (
    NoSuchPurposeAt,
    NoSuchRegisterAt,
    NotOfThisPurpose,
    Stopped,
    Use,
    note_stopped,
    report_nothing,
    report_uses,
)
from consents.api.naming import Case, Line, Slug, SubjectIn, named
from consents.api.programs import OutcomeIn, bad_algorithm, outcome_of, stopped_by_person
from consents.rules.programs import Outcome, Unfit
from portal.people.subjects import lookups_of
from portal.rest.authentication import Caller, caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.problems import BadRequest, Flaw
from portal.rest.schema import described
from portal.walls import Role, scope

MOST = 1000
OLDEST = timedelta(days=730)
_SKEW = timedelta(minutes=5)


class UseIn(msgspec.Struct, forbid_unknown_fields=True):
    """One look. `unit` and `role` say who looked, never a name; `reference` is your own number of the look.

    Where a program of the register did it, `algorithm` is its name there, and `outcome` what came of it: both or none.
    """

    subject: SubjectIn
    at: datetime
    unit: Annotated[Line, msgspec.Meta(min_length=1)]
    role: Annotated[Line, msgspec.Meta(min_length=1)]
    purpose: Slug
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    case: Case = ""
    reference: Case = ""
    algorithm: Slug | None = None
    outcome: OutcomeIn | None = None


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
    outcome = _outcome(told, place, now)
    unit, role, case = told.unit, told.role, told.case
    algorithm = told.algorithm or ""
    return Use(who, told.at, unit, role, told.purpose, told.datasets, case, told.reference, algorithm, outcome)


def _outcome(told: UseIn, place: str, now: datetime) -> Outcome | None:
    if told.algorithm is None and told.outcome is not None:
        raise BadRequest(Flaw(f"{place}/algorithm", "An outcome is told of an algorithm: name it."))
    if told.algorithm is None:
        return None
    if told.outcome is None:
        raise BadRequest(Flaw(f"{place}/outcome", "Of an algorithm's use, tell what came of it."))
    return outcome_of(told.outcome, used_at=told.at, latest=now + _SKEW, place=f"{place}/outcome")


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
                    "algorithm": "exercise-group-suggestion",
                    "outcome": {
                        "result": {"fi": "Ehdotus: uintiryhmä.", "sv": "Förslag: simgrupp.", "en": "A swimming group."},
                        "reasons": [{"fi": "Kävit uimassa.", "sv": "Du har simmat.", "en": "You went swimming."}],
                        "decided_by": "person",
                        "at": "2026-11-24T10:05:00Z",
                    },
                }
            ]
        },
        answered={"received": 1},
        once=True,
        status=201,
    )
    def post(self, request: Request) -> HttpResponse:
        """I looked, in my own system: up to 1,000 looks, all taken or none. Each resident sees theirs.

        A register that has promised to report and falls silent is shown as silent: where nobody looked, name it in
        `nothing_in` once a day. Whether somebody is known to the portal is not told.

        An `algorithm` is one of the register that is in use or piloted and that the purpose names. What rests on a
        permission is decided by a person. Whoever has objected to it is not its subject: 409, and each place is told.
        """
        asked, caller, now = body_of(request, UsesIn), caller_of(request), timezone.now()
        uses = self._uses(asked, caller, now)
        try:
            return self._take(request, uses, asked.nothing_in, now)
        except Stopped as fault:
            # Outside of what was rolled back: that it was used all the same is seen by whoever had objected.
            with scope(Role.API, lookups=lookups_of(use.who for use in uses)):
                note_stopped(uses, fault.numbers, by=caller.actor, at=now)
            raise stopped_by_person(fault) from None

    @staticmethod
    def _uses(asked: UsesIn, caller: Caller, now: datetime) -> list[Use]:
        if not asked.uses and not asked.nothing_in:
            raise BadRequest(Flaw("/uses", "Tell of a look, or of a register in which nobody looked."))
        strange = (number for number, told in enumerate(asked.uses) if not caller.may_name(told.purpose))
        if (number := next(strange, None)) is not None:
            raise _no_such_purpose(number)
        return [_use(caller.department, number, told, now) for number, told in enumerate(asked.uses)]

    @once
    def _take(self, request: Request, uses: list[Use], nothing_in: list[str], now: datetime) -> Response:
        caller = caller_of(request)
        try:
            with scope(Role.API, lookups=lookups_of(use.who for use in uses)):
                if uses:
                    report_uses(uses, by=caller.actor, at=now)
                report_nothing(nothing_in, by=caller.actor, at=now)
        except NoSuchPurposeAt as fault:
            raise _no_such_purpose(fault.number) from None
        except NoSuchRegisterAt as fault:
            raise BadRequest(Flaw(f"/nothing_in/{fault.number}", "You have no register of that name.")) from None
        except NotOfThisPurpose as fault:
            raise BadRequest(Flaw(f"/uses/{fault.number}/datasets", "The purpose does not use these data.")) from None
        except Unfit as fault:
            raise bad_algorithm(fault, place=f"/uses/{fault.number}") from None
        return Response(UsesOut(len(uses)), status=201)
