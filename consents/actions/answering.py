"""Answers of a resident, or of who acts for them: yes, no, a part of it, for longer, and back again.

`says`: from whose side it comes, and whose words they are where staff write them down. NotYours when somebody else is
to answer; nothing is asked of the register here, the caller has it from the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from consents.actions.ending import end_answer
from consents.actions.requesting import published
from consents.actions.traces import Shown, cover_nothing, held, leave_traces, moment
from consents.enums import ConsentState
from consents.errors import FieldsNotOffered, NotAsked, NothingChosen, NotOn, NotYours, TextChanged, TooSoonToRenew
from consents.kinds import ConsentEntry
from consents.models import Consent, Purpose, PurposeText
from consents.queries.gone import living_data
from consents.queries.reading import given_by, is_asked_anew, is_handed_over
from consents.queries.voices import deciders_of, voice_about
from consents.rules.acting import ADULT, GUARDIAN, OWN, Says, Voice, guardians_are_told, lasts_at_most
from consents.rules.lifecycle import WAITS_FOR, Act, may, may_answer, may_renew
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor, Right, system


def give(
    consent: UUID, *, shown: Shown, optional: Sequence[str] = (), says: Says = ADULT, by: Actor, at: datetime
) -> Consent:
    """Yes, to the needed fields and the chosen `optional` ones (`dataset.field`). A second yes changes nothing.

    Where another guardian decides too it is half given, until they say yes to the same text: it then covers what both
    chose (361/1983 5 §).
    """
    current = held(consent)
    _let_speak(current, says, by, at=at)
    if current.state == ConsentState.PENDING and current.valid_until is not None and current.valid_until <= at:
        # It waited too long, and no job came by yet: what was said does not count any more.
        end_answer(current, ConsentState.EXPIRED, by=system("consents.give"), at=at)
    right, said_yes = given_by(current)
    taken_over = right == GUARDIAN != says.right
    if current.state == ConsentState.GIVEN and current.text_id == shown.text and not taken_over:
        return current
    text = _text_to_answer(current, shown, says=says)
    half = current.state == ConsentState.PENDING and says.right == GUARDIAN and current.text_id == text.pk
    whole = says.must_agree <= (said_yes if half else frozenset())
    if half and (says.who or by.id) in said_yes and not whole:
        return current
    at = moment(current, at=at)
    before = set(current.fields)
    current.text, current.state = text, ConsentState.GIVEN if whole else ConsentState.PENDING
    # Who says yes a second time, as nobody else decides any more, adds nothing to what was chosen.
    _cover(current, optional, within=before if half else None)
    current.answered_at = current.valid_from = at
    current.valid_until = _end(current, at, _validity(current) if whole else WAITS_FOR, says)
    current.withdrawn_at = None
    _leave(ConsentEntry.GIVEN if whole else ConsentEntry.HALF_GIVEN, current, says, shown, by=by, at=at)
    return current


def change(
    consent: UUID, *, shown: Shown, optional: Sequence[str], says: Says = ADULT, by: Actor, at: datetime
) -> Consent:
    """Leave some optional fields out of what is on, or take some in; until the same day. The same again is nothing.

    Of guardians who decide together one may leave out, as one may take back; FieldsNotOffered when one takes in.
    """
    current = _on(consent, shown, Act.CHANGE, at=at)
    published(current.purpose)
    _let_speak(current, says, by, at=at)
    before = list(current.fields)
    _cover(current, optional)
    if says.must_agree and not set(current.fields) <= set(before):
        raise FieldsNotOffered
    if current.fields == before:
        return current
    at = moment(current, at=at)
    current.answered_at = current.valid_from = at
    _leave(ConsentEntry.CHANGED, current, says, shown, by=by, at=at)
    return current


def renew(consent: UUID, *, shown: Shown, says: Says = ADULT, by: Actor, at: datetime) -> Consent:
    """What is on and soon ends, for as long again. TooSoonToRenew before its last sixty days.

    Where another guardian decides too nobody renews alone (NotYours): it ends, and is asked again.
    """
    current = _on(consent, shown, Act.RENEW, at=at)
    _let_speak(current, says, by, at=at)
    if says.must_agree:
        raise NotYours
    published(current.purpose)
    if not may_renew(ConsentState(current.state), current.valid_until, at=at):
        raise TooSoonToRenew
    at = moment(current, at=at)
    current.answered_at = current.valid_from = at
    current.valid_until = _end(current, at, _validity(current), says)
    _leave(ConsentEntry.RENEWED, current, says, shown, by=by, at=at)
    return current


def refuse(consent: UUID, *, shown: Shown, says: Says = ADULT, by: Actor, at: datetime) -> Consent:
    """No, stored as a no; to a changed text it ends the yes to the older one. A second no changes nothing.

    One guardian's no is a no, whatever the other says.
    """
    current = held(consent)
    _let_speak(current, says, by, at=at)
    if current.state == ConsentState.REFUSED:
        return current
    current.text = _text_to_answer(current, shown, says=says)
    at = moment(current, at=at)
    cover_nothing(current, ConsentState.REFUSED, at=at)
    _leave(ConsentEntry.REFUSED, current, says, shown, by=by, at=at)
    return current


def withdraw(consent: UUID, *, shown: Shown, says: Says = ADULT, by: Actor, at: datetime) -> Consent:
    """Take it back: effective at commit. Twice is once. What guardians gave, each of them may take back alone."""
    current = held(consent)
    if not (says.right == GUARDIAN and _speaks_for(says, by) and is_handed_over(current)):
        _let_speak(current, says, by, at=at, taking_back=True)
    if current.state == ConsentState.WITHDRAWN:
        return current
    if not may(Act.WITHDRAW, ConsentState(current.state)):
        raise NotOn
    at = moment(current, at=at)
    cover_nothing(current, ConsentState.WITHDRAWN, at=at)
    _leave(ConsentEntry.WITHDRAWN, current, says, shown, by=by, at=at)
    return current


def _let_speak(current: Consent, says: Says, by: Actor, *, at: datetime, taking_back: bool = False) -> None:
    """NotYours when it is not theirs to answer; what a young person takes back, they may at any age."""
    answers = voice_about(current, says, today=localdate(at)) is Voice.ANSWERS
    if not _speaks_for(says, by) or not (answers or (says.right == OWN and taking_back)):
        raise NotYours


def _speaks_for(says: Says, by: Actor) -> bool:
    """The right is the actor's own; or staff write down what the person, or who acts for them, said."""
    return by.right is Right.OFFICE if says.who else by.right in {says.right, Right.OFFICE}


def _leave(kind: ConsentEntry, current: Consent, says: Says, shown: Shown, *, by: Actor, at: datetime) -> None:
    """The traces of an answer; guardians are told, by a job, of what waits, what a child answered, and what is less."""
    event = leave_traces(kind, current, by=by, at=at, shown=shown, says=says)
    less = says.right == GUARDIAN and kind in {ConsentEntry.WITHDRAWN, ConsentEntry.REFUSED, ConsentEntry.CHANGED}
    if kind is ConsentEntry.HALF_GIVEN or less or guardians_are_told(says, today=localdate(at)):
        after_commit("consents.tell_guardians", due_at=at, event_id=event.pk)


def _end(current: Consent, at: datetime, lasts: timedelta, says: Says) -> datetime:
    """A guardian's yes does not outlast the years in which guardians decide by more than sixty days."""
    bound = lasts_at_most(says, deciders_of(current.purpose), today=localdate(at))
    return min(filter(None, [at + lasts, bound]))


def _text_to_answer(current: Consent, shown: Shown, *, says: Says) -> PurposeText:
    """The text that was read, when it is the one that is asked with. NotAsked, TextChanged."""
    text = published(current.purpose)
    anew = is_asked_anew(current) or (says.right != GUARDIAN and is_handed_over(current))
    if not may_answer(ConsentState(current.state), asked_anew=anew):
        raise NotAsked
    if text.pk != shown.text:
        raise TextChanged
    return text


def _on(consent: UUID, shown: Shown, act: Act, *, at: datetime) -> Consent:
    """The consent that is on, with the text that was read. NotOn, also when it has run out and no job came by yet."""
    current = held(consent)
    if not may(act, ConsentState(current.state)) or current.valid_until is None or at >= current.valid_until:
        raise NotOn
    if current.text_id != shown.text or is_asked_anew(current):
        raise TextChanged
    return current


def _cover(current: Consent, optional: Sequence[str], *, within: set[str] | None = None) -> None:
    """The needed fields and the chosen ones; of those only what is `within`, where another has chosen already."""
    needed, offered = _offered(current.purpose)
    if not set(optional) <= offered:
        raise FieldsNotOffered
    if offered and not needed and not optional:
        raise NothingChosen
    chosen = set(optional) if within is None else set(optional) & within
    current.fields = sorted(needed | chosen)
    current.datasets = sorted({name.split(".")[0] for name in current.fields})


def _offered(purpose: Purpose) -> tuple[set[str], set[str]]:
    """(needed, optional) as `dataset.field`; of what may be left out, only what a register still holds."""
    needed, optional = set(), set()
    for dataset, must, may_have in living_data(purpose.pk):
        needed |= {f"{dataset}.{name}" for name in must}
        optional |= {f"{dataset}.{name}" for name in may_have}
    return needed, optional


def _validity(current: Consent) -> timedelta:
    return timedelta(days=current.purpose.valid_days or 0)
