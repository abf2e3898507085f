"""Give me: what is allowed of one person's records, with the entry that the person sees. No entry, no data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from consents.enums import ConsentState, OutsideReason, Reason
from consents.errors import NamedByCode, NoSuchPurpose
from consents.kinds import ConsentEntry
from consents.queries.asking import Asked, asked_and_answered
from consents.queries.programs import programs_named
from consents.rules.deciding import CONSENT_BASIS, ConsentFacts, Cover, Decision, PurposeFacts, decide, outside
from consents.rules.programs import Program, counted, fitting
from datasources.queries.brought import Origin, brought_datasets
from datasources.queries.handing import Described, Held, fields_described, sheets_for
from datasources.rules.wording import Scalar
from datasources.wearables.enums import WITHIN
from portal.keys.models import KeyScope
from portal.keys.person_keys import key_of_the_one
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.subjects import Named, apart, keep_subjects, persons_named


@dataclass(frozen=True)
class Part:
    """One dataset: what is given of it, or why nothing is.

    `withheld` are fields that the purpose uses and this person has not allowed. `as_of` is None when the city holds
    nothing here: the department's own system may still hold something.
    """

    dataset: str
    allowed: bool
    reason: OutsideReason
    withheld: Sequence[str]
    as_of: datetime | None = None
    fields: Mapping[str, Described] = field(default_factory=dict)
    records: Sequence[Mapping[str, Scalar]] = field(default=(), repr=False)
    # Of what the resident brought: who issued the records, in their order.
    origins: Sequence[Origin] = ()


@dataclass(frozen=True)
class Disclosure:
    """`entry` is the id of what the log now tells."""

    subject: str
    entry: UUID
    parts: Sequence[Part]


def disclosing(
    purpose: str,
    datasets: Sequence[str],
    who: Named,
    *,
    case: str,
    by: Actor,
    at: datetime,
    edition: UUID | None = None,
    algorithm: str = "",
) -> Callable[[], Disclosure]:
    """Send what must be read, within the API's scope for this lookup, and return what then discloses and records it.

    The same statements whoever is asked about. It never waits for a source: `as_of` tells how old each part is.
    NoSuchPurpose when it is not this department's; Unfit for an `algorithm` that may not ask for it. Of data given for
    the common good nobody is named by code (NamedByCode): the answer has a pseudonym of that purpose alone.
    """
    read_persons = persons_named(by.unit, [who])
    read_answer = asked_and_answered(purpose, edition=edition, algorithm=algorithm)
    read_programs = programs_named([algorithm])
    read_sheets = sheets_for(datasets, at=at)
    read_fields = fields_described(datasets, edition=edition)
    read_log_key = key_of_the_one(KeyScope.LOG)

    def disclose() -> Disclosure:
        facts, consents, held_back = _asked(read_answer(), purpose, who, by)
        persons, sheets, fields = read_persons(), read_sheets(), read_fields()
        log_key, programs = read_log_key(), read_programs()
        program = fitting(programs, algorithm, purpose, used_at=at) if algorithm else None
        keep_subjects(by.unit, [who], persons)
        person = persons.get(who.lookup)
        consent = consents.get(person.int) if person else None
        holds = held_back.get(person.int, ()) if person else ()
        told = partial(_decided, recipient=by.unit, held=person is not None, consent=consent, holds=holds, at=at)
        parts = [_part(facts, slug, told(facts, slug), sheets.get(slug), fields[slug]) for slug in datasets]
        subject = apart(by.unit, purpose, who) if facts.donation else who.subject
        entry = _entry(purpose, parts, person, log_key, program=program, case=case, by=by, at=at)
        return Disclosure(subject, entry, parts)

    return disclose


def _asked(found: Asked | None, purpose: str, who: Named, by: Actor) -> Asked:
    """What was found of the purpose, if whoever asks may ask for it so. NoSuchPurpose, NamedByCode."""
    if found is None or found[0].recipient != by.unit or purpose in WITHIN:
        raise NoSuchPurpose
    if found[0].donation and who.by_code:
        raise NamedByCode
    return found


def _decided(facts: PurposeFacts, dataset: str, **told: Any) -> Decision:
    """As `decide`; what people brought themselves rests on their permission alone, whatever a purpose states."""
    if dataset in brought_datasets() and facts.basis != CONSENT_BASIS:
        return Decision(allowed=False, reason=Reason.NOT_IN_SCOPE)
    return decide(facts, dataset, **told)


def previewed(purpose: str, covered: Sequence[str], *, at: datetime) -> list[Part]:
    """What the department would get at `at`, were just these fields (`dataset.field`) allowed; nothing is recorded.

    By the same steps as a disclosure, within the scope of the one person; what they hold back for a time is let go in
    this. NoSuchPurpose.
    """
    found = asked_and_answered(purpose)()
    if found is None:
        raise NoSuchPurpose
    facts = found[0]
    datasets = list(facts.fields)
    sheets, fields = sheets_for(datasets, at=at)(), fields_described(datasets)()
    cover = Cover(ConsentState.GIVEN, tuple(datasets), tuple(covered))
    consent = ConsentFacts(UUID(int=0), cover, at, at + timedelta(seconds=1))
    parts = []
    for slug in datasets:
        decision = decide(facts, slug, recipient=facts.recipient, held=True, consent=consent, holds=(), at=at)
        parts.append(_part(facts, slug, decision, sheets.get(slug), fields[slug]))
    return parts


def _part(
    facts: PurposeFacts, dataset: str, decision: Decision, held: Held | None, fields: Mapping[str, Described]
) -> Part:
    reason = outside(decision, basis=facts.basis)
    if not decision.allowed:
        return Part(dataset, allowed=False, reason=reason, withheld=())
    shown = {slug: fields[slug] for slug in decision.fields if slug in fields}
    withheld = [slug for slug in facts.fields[dataset] if slug not in decision.fields]
    if held is None:
        return Part(dataset, allowed=True, reason=reason, withheld=withheld, fields=shown)
    records = held.records(shown) if shown else []
    return Part(dataset, True, reason, withheld, held.as_of, shown, records, held.origins)  # noqa: FBT003


def _entry(
    purpose: str,
    parts: Sequence[Part],
    person: UUID | None,
    log_key: bytes | None,
    *,
    program: Program | None,
    case: str,
    by: Actor,
    at: datetime,
) -> UUID:
    given = [part.dataset for part in parts if part.allowed]
    handed_over = ConsentEntry.ALGORITHM_GIVEN if program else ConsentEntry.DISCLOSED
    return record(
        handed_over if given else ConsentEntry.NOTHING_DISCLOSED,
        by=by,
        about=person,
        at=at,
        department=by.unit,
        purpose=purpose,
        datasets=given or [part.dataset for part in parts],
        counts={"records": sum(len(part.records) for part in parts)} | counted(program),
        details={"case": case},
        log_key=log_key,
    )
