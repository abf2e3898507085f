"""Four eyes: what is not given in full is proposed by one person, and confirmed or sent back by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import seal
from portal.ledger.actor import Actor
from portal.requests.actions import give_answer, leave
from portal.requests.enums import Law, Outcome
from portal.requests.errors import NothingProposed, OwnProposal, ProposalWaits, WrongGround
from portal.requests.grounds import Ground, grounds_of
from portal.requests.held import held_by_staff
from portal.requests.kinds import RequestEntry
from portal.requests.models import Proposal
from portal.requests.queries import proposed_for, proposed_place


@dataclass(frozen=True)
class Wanted:
    """What is proposed, and on which ground."""

    outcome: Outcome
    ground: Ground
    answer: str


def propose_answer(request: UUID, wanted: Wanted, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """It waits for another person. ProposalWaits, WrongGround, AlreadyAnswered. Opens its own scopes."""
    with held_by_staff(request, staff) as row:
        if row.proposals.filter(decided_at=None).exists():
            raise ProposalWaits
        if wanted.ground not in grounds_of(Law(row.law)):
            raise WrongGround
        proposal = Proposal(
            id=uuid4(),
            request=row,
            person_id=row.person_id,
            department=row.department,
            outcome=wanted.outcome,
            ground=wanted.ground,
            proposed_by=by.id,
            proposed_at=at,
        )
        key = person_key(row.person_id, KeyScope.REQUESTS)
        proposal.sealed_answer = seal(key, wanted.answer.encode(), aad=proposed_place(proposal.pk))
        proposal.save(force_insert=True)
        leave(RequestEntry.PROPOSED, row, by=by, at=at)


def confirm_answer(request: UUID, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """The proposal becomes the answer. OwnProposal, NothingProposed, AlreadyAnswered. Opens its own scopes."""
    with held_by_staff(request, staff) as row:
        found = proposed_for(row)
        if found is None:
            raise NothingProposed
        proposal, answer = found
        if proposal.proposed_by == by.id:
            raise OwnProposal
        _decide(proposal, confirmed=True, by=by, at=at)
        give_answer(row, Outcome(proposal.outcome), answer, by=by, at=at, ground=proposal.ground)


def send_back(request: UUID, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """It is not the answer; whoever proposed it may take it back as well. NothingProposed, AlreadyAnswered."""
    with held_by_staff(request, staff) as row:
        found = proposed_for(row)
        if found is None:
            raise NothingProposed
        _decide(found[0], confirmed=False, by=by, at=at)
        leave(RequestEntry.SENT_BACK, row, by=by, at=at)


def _decide(proposal: Proposal, *, confirmed: bool, by: Actor, at: datetime) -> None:
    proposal.confirmed, proposal.decided_by, proposal.decided_at = confirmed, by.id, at
    proposal.save(update_fields=["confirmed", "decided_by", "decided_at"])
