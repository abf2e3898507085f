"""A death: the account closes, in one transaction. Log and proof stay, and what keepers are to answer goes on."""

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Q

from consents.actions.ending import end_all_of
from consents.kinds import ConsentEntry
from datasources.models import NotCopied
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.enums import Way
from portal.notices.models import LetterChoice
from portal.people.models import ActingRight, Person, User
from portal.requests.actions import withdraw_request
from portal.requests.enums import OPEN_STATES
from portal.requests.erasing.copies import remove_copies
from portal.requests.erasing.queries import outlook_of
from portal.requests.life.enums import LifeKind
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.models import LifeChange
from portal.requests.life.rules import ends_with_death
from portal.requests.models import Request
from portal.walls import Role, outside, scope


def close_account(person: UUID, *, reference: str = "", by: Actor, at: datetime) -> bool:
    """Close the account of somebody who has died; False when it is closed. Opens its own scopes.

    Sessions, permissions, rights to act (by them and over them), what the portal was to do for them and copies end;
    whoever got data with a permission hears of its end.
    """
    with scope(Role.WORKER, persons=[person]):
        # Locked: told by the register and by staff in the same second, it is closed once.
        row = Person.objects.select_for_update().get(pk=person)
        if row.closed_at:
            return False
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        record(LifeEntry.CLOSED, by=by, about=person, at=at, reference=reference)
        with outside():
            end_log_in(person, for_good=True)
        LetterChoice.objects.filter(person_id=person).update(way=Way.NOTHING)
        theirs = Q(person_id=person) | Q(actor_id=person) | Q(actor_index=bytes(row.blind_index))
        ActingRight.objects.filter(theirs).delete()
        end_all_of(person, ConsentEntry.ENDED_CLOSED, by=by, at=at)
        end_own_work(person, by=by, at=at)
        remove_all_copies(person, by=by, at=at)
    return True


def close_told(*, by: Actor, at: datetime) -> int:
    """Close the account of each of whom the population register told that they have died; how many. A transaction
    each; opens its own scopes."""
    with scope(Role.WORKER):
        told = Person.objects.filter(death_told_at__isnull=False, closed_at=None).order_by("death_told_at")
        people = list(told.values_list("pk", flat=True))
    return sum(close_account(person, by=by, at=at) for person in people)


def end_log_in(person: UUID, *, for_good: bool) -> None:
    """End every open session of a person's log-in, and the log-in itself (`for_good`); outside every scope."""
    user = User.objects.filter(person_id=person).first()
    if user is None:
        return
    for session in UserSession.objects.filter(user=user):
        session.end()
    if for_good:
        user.is_active = False
        user.save(update_fields=["is_active"])


def end_own_work(person: UUID, *, by: Actor, at: datetime) -> None:
    """What the portal itself was to do for them is taken back, but for an erasure that has begun. Worker's scope."""
    for row in Request.objects.filter(person_id=person, state__in=OPEN_STATES).select_related("erasure"):
        erasure = getattr(row, "erasure", None)
        if ends_with_death(row.state, begun=erasure is not None and erasure.begun_at is not None):
            withdraw_request(row.pk, person=person, by=by, at=at)


def remove_all_copies(person: UUID, *, by: Actor, at: datetime) -> None:
    """But for what the law holds, and with the keys where it holds nothing. Worker's scope."""
    outlook = outlook_of(person, registers=None, at=at)
    goes, count = remove_copies(person, outlook, everything=True, until_sign_in=False, by=by, at=at)
    if goes:
        record(LifeEntry.COPIES_REMOVED, by=by, about=person, at=at, counts={"sheets": count})


def remove_what_was_held(*, by: Actor, at: datetime) -> int:
    """Copies of the dead that the law held and does not hold any more; of how many people. Opens its own scopes."""
    with scope(Role.WORKER):
        done = NotCopied.objects.filter(dataset=None).values("person_id")
        # Of an account that is only shut it is not decided yet whose it is.
        shut = LifeChange.objects.filter(kind=LifeKind.SPLIT, confirmed_at=None, dropped_at=None).values("person_id")
        closed = Person.objects.filter(closed_at__isnull=False).exclude(pk__in=done).exclude(pk__in=shut)
        waiting = list(closed.values_list("pk", flat=True))
    removed = 0
    for person in waiting:
        with scope(Role.WORKER, persons=[person]):
            if not any(each.held for each in outlook_of(person, registers=None, at=at)):
                remove_all_copies(person, by=by, at=at)
                removed += 1
    return removed
