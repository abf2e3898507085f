"""May I? Many people, one purpose, several datasets: the same statements whoever is asked about."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from consents.enums import OutsideReason
from consents.errors import NoSuchPurpose
from consents.kinds import ConsentEntry
from consents.queries.asking import asked_and_answered
from consents.queries.programs import programs_named
from consents.rules.deciding import (
    CONSENT_BASIS,
    ConsentFacts,
    Decision,
    Holds,
    PurposeFacts,
    decide,
    decide_many,
    outside,
)
from consents.rules.programs import Program, counted, fitting
from portal.keys.indexes import digest
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.people.subjects import Named, keep_subjects, persons_named


class Part(Struct, frozen=True, gc=False):
    """Of one dataset: may it be used, and why; `fields` are those that may."""

    allowed: bool
    reason: OutsideReason
    fields: tuple[str, ...]


class Way(Struct, frozen=True, eq=False, gc=False):
    """What all who stand alike are answered, the very same object: one part a dataset, in the order asked.

    `allowed` when every dataset asked for is; partly allowed is not allowed, and which part, the parts tell. `reason`
    is that of the first no, or of the yes. `basis` is that of the first dataset that may be used.
    """

    parts: tuple[Part, ...]
    allowed: bool
    reason: OutsideReason
    basis: str | None


class Answer(Struct, frozen=True, gc=False):
    """About one person; `consent` and `valid_until` are those of a yes that something rests on."""

    subject: str
    way: Way
    consent: UUID | None
    valid_until: datetime | None


def _way(decisions: Iterable[Decision], basis: str) -> Way:
    parts = tuple([Part(each.allowed, outside(each, basis=basis), each.fields) for each in decisions])
    said = next((part for part in parts if not part.allowed), parts[0])
    rests_on = next((each.basis for each in decisions if each.basis), None)
    return Way(parts, said.allowed, said.reason, rests_on)


def _answer(subject: str, way: Way, consent: ConsentFacts | None) -> Answer:
    if consent is None or way.basis != CONSENT_BASIS:
        return Answer(subject, way, None, None)
    return Answer(subject, way, consent.id, consent.valid_until)


def check(
    purpose: str,
    datasets: Sequence[str],
    named: Sequence[Named],
    *,
    by: Actor,
    at: datetime,
    edition: UUID | None = None,
    algorithm: str = "",
) -> tuple[Answer, ...]:
    """Answers in the order asked, within the API's scope for these lookups; one log entry, which tells no one apart.

    NoSuchPurpose when the purpose is not this department's; Unfit for an `algorithm` that may not be used for it.
    """
    read_persons = persons_named(by.unit, named)
    read_programs = programs_named([algorithm])
    found = asked_and_answered(purpose, edition=edition, algorithm=algorithm)()
    if found is None or found[0].recipient != by.unit:
        raise NoSuchPurpose
    programs = read_programs()
    program = fitting(programs, algorithm, purpose, used_at=at) if algorithm else None
    persons, (facts, consents, held_back) = read_persons(), found
    keep_subjects(by.unit, named, persons)
    answered = {lookup: consents.get(person.int) for lookup, person in persons.items()}
    people = enumerate(persons.values()) if held_back else ()
    holds = {place: held_back[person.int] for place, person in people if person.int in held_back}
    ways = _ways(facts, datasets, answered, holds, at=at)
    nobody = _way(
        [decide(facts, slug, recipient=by.unit, held=False, consent=None, holds=(), at=at) for slug in datasets],
        facts.basis,
    )
    answers = tuple([_answer(each.subject, ways.get(each.lookup, nobody), answered.get(each.lookup)) for each in named])
    _leave_entry(purpose, datasets, answers, program, by=by, at=at)
    return answers


def _ways(
    facts: PurposeFacts,
    datasets: Sequence[str],
    answered: dict[bytes, ConsentFacts | None],
    holds: Mapping[int, Holds],
    *,
    at: datetime,
) -> dict[bytes, Way]:
    """{lookup: way} of those who are held."""
    decided = decide_many(facts, datasets, list(answered.values()), holds, recipient=facts.recipient, at=at)
    # By identity: whoever stands alike has the same tuple.
    told = {id(decisions): _way(decisions, facts.basis) for decisions in {id(each): each for each in decided}.values()}
    return {lookup: told[id(decisions)] for lookup, decisions in zip(answered, decided, strict=True)}


def _leave_entry(
    purpose: str,
    datasets: Sequence[str],
    answers: Sequence[Answer],
    program: Program | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    reasons: Counter[str] = Counter()
    for way, many in Counter([answer.way for answer in answers]).items():
        reasons[way.reason.value] += many
    subjects = digest("\x1f".join([answer.subject for answer in answers]).encode()).hex()
    counts: dict[str, Json] = {"subjects": len(answers), "reasons": dict(sorted(reasons.items())), "digest": subjects}
    counts |= counted(program)
    record(ConsentEntry.CHECKED, by=by, at=at, department=by.unit, purpose=purpose, datasets=datasets, counts=counts)
