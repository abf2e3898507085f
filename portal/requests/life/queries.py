"""What a person is told of their own move."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.people.models import Person
from portal.requests.life.enums import MoveStep
from portal.requests.life.rules import COPIED_AFTER_MOVE


@dataclass(frozen=True)
class Move:
    """When the city heard of it, until when copies are made, and whether that is over."""

    heard_at: datetime
    copies_until: datetime
    over: bool


def move_of(person: UUID) -> Move | None:
    """None of who lives here, as far as the register tells; within a scope that covers them."""
    row = Person.objects.only("moved_away_at", "moved_step").get(pk=person)
    if row.moved_away_at is None:
        return None
    return Move(row.moved_away_at, row.moved_away_at + COPIED_AFTER_MOVE, over=row.moved_step == MoveStep.OVER)
