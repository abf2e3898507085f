"""Who has moved away is told so, and after a month copies of their data are no longer made. Access stays."""

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.timezone import localdate

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell, tell_many
from portal.notices.enums import NoticeKind
from portal.people.behalf.powers import birth_of, guardians_of
from portal.people.behalf.rules import OWN_VOICE, age_on
from portal.people.models import Person
from portal.requests.erasing.copies import remove_copies
from portal.requests.erasing.queries import outlook_of
from portal.requests.life.enums import MoveStep
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.rules import COPIED_AFTER_MOVE, next_after_move
from portal.walls import Role, scope

# Any id, the same for ever: what one guardian is told of one move has one id.
_TOLD = UUID("c7d6c6de-3f0c-4a53-9a39-0d1a4f6b2e71")


def follow_moves(*, by: Actor, at: datetime) -> int:
    """Take each move that the register told of one step on, where it is time; how many. A transaction each."""
    with scope(Role.WORKER):
        moved = Person.objects.filter(moved_away_at__isnull=False, closed_at=None)
        heard = moved.filter(moved_step=MoveStep.HEARD)
        over = moved.filter(moved_step=MoveStep.TOLD, moved_away_at__lte=at - COPIED_AFTER_MOVE)
        people = [*heard.values_list("pk", flat=True), *over.values_list("pk", flat=True)]
    return sum(follow_move(person, by=by, at=at) for person in people)


def follow_move(person: UUID, *, by: Actor, at: datetime) -> bool:
    """One step on, once; False when there is none now, as for who has moved back. Opens its own scope."""
    with scope(Role.WORKER, persons=[person]):
        row = Person.objects.select_for_update().get(pk=person)
        if row.moved_away_at is None or row.closed_at:
            return False
        step = next_after_move(MoveStep(row.moved_step), row.moved_away_at, at=at)
        if step is None:
            return False
        row.moved_step = step
        row.save(update_fields=["moved_step"])
        if step is MoveStep.TOLD:
            record(LifeEntry.MOVED_AWAY, by=by, about=person, at=at)
            tell(person, NoticeKind.MOVED_AWAY, by=by, at=at)
            _tell_guardians(row, by=by, at=at)
        else:
            _end_copies(person, by=by, at=at)
    return True


def _tell_guardians(child: Person, *, by: Actor, at: datetime) -> None:
    """Below fifteen, who may see the child's data may take it along: each guardian but where registers let none know.

    Neither which child nor where to: a letter must not lead anybody to a family that is not to be found.
    """
    if age_on(birth_of(child.pk), localdate(at)) >= OWN_VOICE:
        return
    moved = child.moved_away_at.isoformat() if child.moved_away_at else ""
    guardians = [guardian for guardian, _power in guardians_of(child.pk, at=at)]
    about = {uuid5(_TOLD, f"{child.pk} {moved} {guardian}"): guardian for guardian in guardians}
    tell_many(NoticeKind.CHILD_MOVED, about, by=by, at=at)


def _end_copies(person: UUID, *, by: Actor, at: datetime) -> None:
    # Not everything: what they brought here themselves stays theirs, and they may have copies made again.
    outlook = outlook_of(person, registers=None, at=at)
    goes, count = remove_copies(person, outlook, everything=False, until_sign_in=False, by=by, at=at)
    if goes:
        record(LifeEntry.COPIES_ENDED, by=by, about=person, at=at, counts={"sheets": count})
