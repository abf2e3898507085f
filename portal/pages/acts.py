"""What whoever looks may do with a permission now: their own, or another's by their right."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from consents.enums import ConsentState
from consents.models import Consent
from consents.queries.reading import given_by, is_asked_anew, is_gone
from consents.queries.voices import voice_about
from consents.rules.acting import GUARDIAN, Voice
from consents.rules.lifecycle import Act, may, may_answer, may_renew
from portal.pages.door import ResidentRequest
from portal.pages.matters import may_take_back, says


@dataclass(frozen=True)
class Acts:
    """`speaks`: it is theirs to answer. `half`: they said yes and it waits for another guardian.

    `asked_anew`: it is on, and its text was changed, or a guardian said yes and the young person now decides. That is
    answered first: neither a part of it nor its end is changed before. `gone`: no register holds what it needs any
    more; it can be taken back, and nothing else.
    """

    speaks: bool
    half: bool
    asked_anew: bool
    gone: bool
    may_stop: bool
    may_answer: bool
    may_change: bool
    may_renew: bool


def acts_on(request: ResidentRequest, consent: Consent, *, at: datetime) -> Acts:
    """Four statements at the most, whatever the permission."""
    side, state = says(request, consent), ConsentState(consent.state)
    right, said_yes = given_by(consent)
    changed, taken_over = is_asked_anew(consent), right == GUARDIAN != side.right
    speaks = voice_about(consent, side, today=localdate(at)) is Voice.ANSWERS
    gone = is_gone(consent)
    open_to = speaks and not gone
    anew = not gone and state is ConsentState.GIVEN and (changed or (taken_over and speaks))
    half = state is ConsentState.PENDING and request.actor.id in said_yes
    return Acts(
        speaks=speaks,
        half=half,
        asked_anew=anew,
        gone=gone,
        may_stop=may_take_back(consent, side, speaks=speaks),
        may_answer=open_to and not half and may_answer(state, asked_anew=anew),
        may_change=open_to and not anew and may(Act.CHANGE, state),
        may_renew=open_to and not anew and not side.must_agree and may_renew(state, consent.valid_until, at=at),
    )
