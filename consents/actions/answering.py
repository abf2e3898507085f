"""Answers of a resident: yes, no, a part of it, for longer, and back again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from consents.actions.requesting import published
from consents.actions.traces import Shown, cover_nothing, held, leave_traces, moment
from consents.enums import ConsentState
from consents.errors import FieldsNotOffered, NotAsked, NotOn, TextChanged, TooSoonToRenew
from consents.kinds import ConsentEntry
from consents.models import Consent, Purpose, PurposeDataset, PurposeText
from consents.queries.reading import is_asked_anew
from consents.rules.lifecycle import Act, may, may_answer, may_renew
from portal.ledger.actor import Actor


def give(consent: UUID, *, shown: Shown, optional: Sequence[str] = (), by: Actor, at: datetime) -> Consent:
    """Yes, to the needed fields and the chosen `optional` ones (`dataset.field`). A second yes changes nothing."""
    current = held(consent)
    if current.state == ConsentState.GIVEN and current.text_id == shown.text:
        return current
    text = _text_to_answer(current, shown)
    at = moment(current, at=at)
    current.text, current.state = text, ConsentState.GIVEN
    _cover(current, optional)
    current.answered_at = current.valid_from = at
    current.valid_until = at + _validity(current)
    current.withdrawn_at = None
    leave_traces(ConsentEntry.GIVEN, current, by=by, at=at, shown=shown)
    return current


def change(consent: UUID, *, shown: Shown, optional: Sequence[str], by: Actor, at: datetime) -> Consent:
    """Leave some optional fields out of what is on, or take some in; until the same day. The same again is nothing."""
    current = _on(consent, shown, Act.CHANGE, at=at)
    before = list(current.fields)
    _cover(current, optional)
    if current.fields == before:
        return current
    at = moment(current, at=at)
    current.answered_at = current.valid_from = at
    leave_traces(ConsentEntry.CHANGED, current, by=by, at=at, shown=shown)
    return current


def renew(consent: UUID, *, shown: Shown, by: Actor, at: datetime) -> Consent:
    """What is on and soon ends, for as long again. TooSoonToRenew before its last sixty days."""
    current = _on(consent, shown, Act.RENEW, at=at)
    published(current.purpose)
    if not may_renew(ConsentState(current.state), current.valid_until, at=at):
        raise TooSoonToRenew
    at = moment(current, at=at)
    current.answered_at = current.valid_from = at
    current.valid_until = at + _validity(current)
    leave_traces(ConsentEntry.RENEWED, current, by=by, at=at, shown=shown)
    return current


def refuse(consent: UUID, *, shown: Shown, by: Actor, at: datetime) -> Consent:
    """No, stored as a no; to a changed text it ends the yes to the older one. A second no changes nothing."""
    current = held(consent)
    if current.state == ConsentState.REFUSED:
        return current
    current.text = _text_to_answer(current, shown)
    at = moment(current, at=at)
    cover_nothing(current, ConsentState.REFUSED, at=at)
    leave_traces(ConsentEntry.REFUSED, current, by=by, at=at, shown=shown)
    return current


def withdraw(consent: UUID, *, shown: Shown, by: Actor, at: datetime) -> Consent:
    """Take it back: effective at commit. Twice is once."""
    current = held(consent)
    if current.state == ConsentState.WITHDRAWN:
        return current
    if not may(Act.WITHDRAW, ConsentState(current.state)):
        raise NotOn
    at = moment(current, at=at)
    cover_nothing(current, ConsentState.WITHDRAWN, at=at)
    leave_traces(ConsentEntry.WITHDRAWN, current, by=by, at=at, shown=shown)
    return current


def _text_to_answer(current: Consent, shown: Shown) -> PurposeText:
    """The text that was read, when it is the one that is asked with. NotAsked, TextChanged."""
    text = published(current.purpose)
    if not may_answer(ConsentState(current.state), asked_anew=is_asked_anew(current)):
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


def _cover(current: Consent, optional: Sequence[str]) -> None:
    needed, offered = _offered(current.purpose)
    if not set(optional) <= offered:
        raise FieldsNotOffered
    current.fields = sorted(needed | set(optional))
    current.datasets = sorted({name.split(".")[0] for name in current.fields})


def _offered(purpose: Purpose) -> tuple[set[str], set[str]]:
    """(needed, optional) as `dataset.field`."""
    needed, optional = set(), set()
    for row in PurposeDataset.objects.filter(purpose=purpose).select_related("dataset"):
        needed |= {f"{row.dataset.slug}.{name}" for name in row.needed}
        optional |= {f"{row.dataset.slug}.{name}" for name in row.optional}
    return needed, optional


def _validity(current: Consent) -> timedelta:
    return timedelta(days=current.purpose.valid_days or 0)
