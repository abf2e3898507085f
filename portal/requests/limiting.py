"""Restriction, objection, data about somebody else: asked by a request, in force with its commit (GDPR 18, 21)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.actions.limiting import Wanted, hold_back, settle, tell_end
from consents.enums import Ground
from consents.models import Restriction
from consents.queries.limiting import marketing_objected_to
from consents.rules.limiting import Came
from portal.ledger.actor import Actor, system
from portal.people.models import User
from portal.requests.actions import Asked, answer_at_once, make_request
from portal.requests.enums import RequestKind
from portal.requests.models import Request
from portal.requests.nearness import refuse_the_near
from portal.walls import Role, scope


@dataclass(frozen=True)
class Limit:
    """Of a register, a dataset of one, a purpose or an algorithm, by slug; and what the person says of it.

    `marketing`: the purpose is direct marketing.
    """

    kind: RequestKind
    department: str
    ground: Ground
    said: str = ""
    register: str = ""
    dataset: str = ""
    purpose: str = ""
    algorithm: str = ""
    marketing: bool = False


def ask_limit(
    limit: Limit, *, person: UUID, language: str, by: Actor, at: datetime, at_once: bool = True
) -> tuple[Request, bool]:
    """(The request, whether it is new), within the person's scope. From its commit on the next check says no.

    `at_once` is for the person's own word; what another asks for them begins when it is granted. Their own objection to
    direct marketing is met with it: nobody weighs it, and it waits for nobody (GDPR 21(2), (3)). What they take for
    direct marketing, and is not marked so, is held back as well, and goes to its keeper.
    """
    if limit.marketing and (before := marketing_objected_to(person).get(limit.purpose)):
        return Request.objects.get(pk=before), False
    about = (limit.department, limit.register, limit.dataset, limit.purpose, limit.algorithm)
    asked = Asked(limit.kind, limit.said, *about)
    request, new = make_request(asked, person=person, language=language, by=by, at=at)
    if new:
        # A dataset names its register beside it, in the request; what is held back is the dataset alone.
        register = "" if limit.dataset else limit.register
        wanted = Wanted(limit.department, limit.ground, register, limit.dataset, limit.purpose, limit.algorithm)
        hold_back(wanted, person=person, request=request.pk, by=by, at=at, at_once=at_once)
    if limit.marketing and at_once:
        settle(request.pk, Came.GRANTED, by=by, at=at)
        answer_at_once(request, by=system("requests.at_once"), at=at)
    return request, new


def lift(restriction: Restriction, *, staff: User, by: Actor, at: datetime) -> datetime:
    """Its reason is gone: the person is told that it ends, and when. TooNear, NotOn. Opens its own scopes."""
    person = restriction.person_id
    refuse_the_near(person, staff=staff, reference="", by=by, at=at)
    with scope(Role.STAFF, persons=[person], departments=staff.departments):
        row = Restriction.objects.select_for_update().get(pk=restriction.pk)
        return tell_end(row, by=by, at=at)
