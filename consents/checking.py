"""May I? Many people, one purpose, several datasets: the same statements whoever is asked about."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from consents.enums import OutsideReason
from consents.errors import NoSuchPurpose
from consents.kinds import ConsentEntry
from consents.queries.reading import asked_and_answered, consent_facts_in_bulk, purpose_facts
from consents.rules.deciding import Decision, decide, decide_many, outside
from portal.keys.indexes import digest
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.people.subjects import Named, keep_subjects, persons_named


class Answer(Struct, frozen=True, gc=False):
    """About one person: one decision a dataset, in the order asked; `allowed` when every dataset asked for is.

    Partly allowed is not allowed; which part, the decisions tell. `reason` is that of the first no, or of the yes.
    """

    subject: str
    decisions: Sequence[Decision]
    allowed: bool
    reason: OutsideReason
    basis: str


def _answer(subject: str, decisions: Sequence[Decision], basis: str) -> Answer:
    for decision in decisions:
        if not decision.allowed:
            return Answer(subject, decisions, False, outside(decision, basis=basis), basis)  # noqa: FBT003
    return Answer(subject, decisions, True, outside(decisions[0], basis=basis), basis)  # noqa: FBT003


def check(
    purpose: str, datasets: Sequence[str], named: Sequence[Named], *, by: Actor, at: datetime
) -> tuple[Answer, ...]:
    """Answers in the order asked, within the API's scope for these lookups; one log entry, which tells no one apart.

    NoSuchPurpose when the purpose is not this department's.
    """
    read_persons = persons_named(by.unit, named)
    found = asked_and_answered(purpose)()
    if found is None or found[0].recipient != by.unit:
        raise NoSuchPurpose
    persons, (facts, consents) = read_persons(), found
    keep_subjects(by.unit, named, persons)
    held = [each.lookup for each in named if each.lookup in persons]
    asked = (consents.get(persons[lookup]) for lookup in held)
    decided = dict(zip(held, decide_many(facts, datasets, asked, recipient=by.unit, at=at), strict=True))
    nobody = [decide(facts, slug, recipient=by.unit, held=False, consent=None, at=at) for slug in datasets]
    answers = [_answer(each.subject, decided.get(each.lookup, nobody), facts.basis) for each in named]
    _leave_entry(purpose, datasets, answers, by=by, at=at)
    return tuple(answers)


def decisions(
    purpose: str, datasets: Sequence[str], persons: Sequence[UUID], *, recipient: str, at: datetime
) -> list[list[Decision]]:
    """One list a person, in the order asked, with one decision a dataset; within a scope that covers these persons.

    For whoever shows or hands over data of people who are known. NoSuchPurpose when the recipient has none so named.
    """
    facts = purpose_facts(purpose)()
    if facts is None or facts.recipient != recipient:
        raise NoSuchPurpose
    consents = consent_facts_in_bulk(purpose)
    return decide_many(facts, datasets, map(consents.get, persons), recipient=recipient, at=at)


def _leave_entry(purpose: str, datasets: Sequence[str], answers: Sequence[Answer], *, by: Actor, at: datetime) -> None:
    reasons = Counter(answer.reason for answer in answers)
    subjects = digest("\x1f".join(answer.subject for answer in answers).encode()).hex()
    counts: dict[str, Json] = {"subjects": len(answers), "reasons": dict(sorted(reasons.items())), "digest": subjects}
    record(ConsentEntry.CHECKED, by=by, at=at, department=by.unit, purpose=purpose, datasets=datasets, counts=counts)
