"""Who may confirm what was told of a life, and which requests go on after a death: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.requests.enums import RequestState
from portal.requests.life.enums import MoveStep, Why

# What nobody confirms in this time is told once more: papers are looked at anew.
CONFIRMED_WITHIN = timedelta(days=14)

# An account that is shut is somebody's who cannot get in: after half of that time the officers are reminded.
REMINDED_AFTER = timedelta(days=7)

# Somebody who lives elsewhere has so long to take their data along before copies are no longer made.
COPIED_AFTER_MOVE = timedelta(days=30)


@dataclass(frozen=True)
class Told:
    """How a change stands: when and by whom it was told, and whether somebody confirmed or dropped it."""

    by: str
    at: datetime
    ended: bool = False


def why_not_confirm(told: Told, *, by: str, at: datetime) -> Why | None:
    """Why this staff member does not confirm it now; None when they may."""
    if told.ended:
        return Why.DONE
    if not told.by:
        return Why.UNTOLD
    if told.by == by:
        return Why.SAME
    return Why.OVER if at >= told.at + CONFIRMED_WITHIN else None


def ends_with_death(state: str, *, begun: bool) -> bool:
    """Whether an open request ends: what the portal was to do for the person does, unless it cannot be stopped.

    What a keeper is to answer goes on: the matter is in the city's case register, and its answer is a decision.
    """
    return state == RequestState.WORKING and not begun


def next_after_move(step: MoveStep, moved_at: datetime, *, at: datetime) -> MoveStep | None:
    """What is to be done next after a move: to tell the person, later to make no more copies; None for the moment."""
    if step is MoveStep.HEARD:
        return MoveStep.TOLD
    if step is MoveStep.TOLD and at >= moved_at + COPIED_AFTER_MOVE:
        return MoveStep.OVER
    return None
