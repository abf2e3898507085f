"""Choosing, rehearsing, and asking for an erasure; and leaving the portal."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from consents.actions.announcing import announce
from consents.enums import AnnouncementKind
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor, Right
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind, RequestState
from portal.requests.erasing.errors import NothingChosen
from portal.requests.erasing.kinds import ErasureEntry
from portal.requests.erasing.models import Plan
from portal.requests.erasing.queries import Outlook, by_source, outlook_of, outlook_of_plan, plans_of
from portal.requests.models import Request
from portal.requests.parts import Planned, plan

# How long a choice that was only looked at is kept.
LOOKED_AT_FOR = timedelta(days=1)
# A system that is silent for so long is given up; the month of GDPR 12(3) is not over then.
TRIED_FOR = timedelta(days=14)
# To leave is not held up by another erasure that is under way.
LEAVING = "leaving"
_KEPT_FOR = timedelta(days=365 * 6)


def choose(person: UUID, *, registers: Collection[str] | None, by: Actor, at: datetime) -> Plan:
    """Keep what was chosen, all with None, and have the systems rehearse it; within the person's scope. NothingChosen.

    An older choice that was only looked at is forgotten.
    """
    outlook = outlook_of(person, registers=registers, at=at)
    if not outlook:
        raise NothingChosen
    plans_of(person, by=by.id).filter(request=None).delete()
    chosen = Plan.objects.create(
        person_id=person,
        chosen_by=by.id,
        everything=registers is None,
        registers=[] if registers is None else [each.slug for each in outlook],
        chosen_at=at,
        kept_until_at=at + LOOKED_AT_FOR,
    )
    if by.right is Right.OWN:
        # For another nothing goes by itself, and no system is asked about them.
        after_commit("erasing.rehearse", due_at=at, plan_id=chosen.pk)
    return chosen


def erase(plan_id: UUID, *, person: UUID, language: str, by: Actor, at: datetime) -> Request:
    """Ask for what was chosen, and begin; within the person's scope. Asked again, it is the same request.

    While another erasure is under way, it is that.
    """
    chosen = Plan.objects.select_for_update().get(pk=plan_id, person_id=person)
    if chosen.request is not None:
        return chosen.request
    asked = Asked(RequestKind.ERASE, aim=LEAVING if chosen.leaving else "")
    request, is_new = make_request(asked, person=person, language=language, by=by, at=at, state=RequestState.WORKING)
    if not is_new:
        return request
    chosen.request, chosen.kept_until_at = request, at + _KEPT_FOR
    chosen.save(update_fields=["request", "kept_until_at"])
    _have_it_done(request, chosen, outlook_of_plan(chosen, at=at), at=at)
    return request


def _have_it_done(request: Request, chosen: Plan, outlook: Collection[Outlook], *, at: datetime) -> None:
    erasing = {} if chosen.leaving else by_source(outlook)
    parts = [Planned(source, registers[0].department) for source, registers in erasing.items()]
    plan(request, parts, deadline_at=at + TRIED_FOR, at=at)
    after_commit("erasing.run", due_at=at, request_id=request.pk)


def ask_keepers(person: UUID, outlook: Collection[Outlook], *, language: str, by: Actor, at: datetime) -> list[Request]:
    """A person decides on each of these registers: the keeper; within the person's scope.

    So is every erasure that somebody asks for another: the keeper weighs what is best for the person (361/1983 1 §).
    """
    return [
        make_request(
            Asked(RequestKind.ERASE, department=each.department, register=each.slug),
            person=person,
            language=language,
            by=by,
            at=at,
        )[0]
        for each in outlook
    ]


def leave(person: UUID, *, language: str, by: Actor, at: datetime) -> Request:
    """Leave the portal: all copies go, the departments' systems are left alone; within the person's scope."""
    plans_of(person, by=by.id).filter(request=None).delete()
    chosen = Plan.objects.create(
        person_id=person, chosen_by=by.id, everything=True, leaving=True, chosen_at=at, kept_until_at=at + LOOKED_AT_FOR
    )
    record(ErasureEntry.LEFT, by=by, about=person, at=at)
    return erase(chosen.pk, person=person, language=language, by=by, at=at)


def ask_receiver(
    person: UUID, *, department: str, aim: str, datasets: Sequence[str], language: str, by: Actor, at: datetime
) -> Request:
    """Ask whoever got data with a permission to erase it, within the person's scope; asked again it is the same.

    Its keeper gets a request, its systems hear of it as of every change and say that they have acted (GDPR 17, 19).
    """
    asked = Asked(RequestKind.ERASE, department=department, aim=aim)
    request, is_new = make_request(asked, person=person, language=language, by=by, at=at)
    if is_new:
        kind = AnnouncementKind.DATA_ERASED
        announce(kind, person=person, department=department, datasets=datasets, must_act=True, at=at)
    return request
