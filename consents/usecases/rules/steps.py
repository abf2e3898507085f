"""Which step follows which, and until when a resident may change what they wrote."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from consents.usecases.enums import CaseState

CHANGES_FOR = timedelta(days=7)
# What one resident may send within a day: enough to talk, too little to flood.
PROPOSALS_A_DAY, COMMENTS_A_DAY = 3, 20
_NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.PROPOSED: frozenset({CaseState.STUDIED, CaseState.DROPPED}),
    CaseState.STUDIED: frozenset({CaseState.PILOTED, CaseState.DROPPED}),
    CaseState.PILOTED: frozenset({CaseState.STUDIED, CaseState.IN_USE, CaseState.DROPPED}),
    CaseState.IN_USE: frozenset({CaseState.PILOTED, CaseState.DROPPED}),
    CaseState.DROPPED: frozenset({CaseState.STUDIED}),
}


def next_states(state: CaseState) -> list[CaseState]:
    """Where a case may go from here, in the order of its life."""
    return [each for each in CaseState if each in _NEXT[state]]


def may_go(state: CaseState, to: CaseState) -> bool:
    """No step is left out: what is in use was tried out, and what is tried out was studied."""
    return to in _NEXT[state]


def may_change(sent_at: datetime, *, at: datetime) -> bool:
    """What was written may be changed for a week; it may be removed for ever."""
    return at - sent_at <= CHANGES_FOR
