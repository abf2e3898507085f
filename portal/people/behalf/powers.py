"""What one person may do for another now, read from what registers told last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from msgspec import json

from portal.keys.indexes import born
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.ledger.actor import Right
from portal.people.actions import identity_code_of, marks_place, names_of
from portal.people.behalf.refreshing import rights_place
from portal.people.behalf.register import Bounds
from portal.people.behalf.rules import OF_AGE, Kind, Power, Subject, Tie, age_on, power_over
from portal.people.models import ActingRight, Person
from portal.walls import Role, scope


@dataclass(frozen=True)
class Other:
    """Somebody one may act for."""

    id: UUID
    name: str
    power: Power


def power_of(actor: UUID, *, over: UUID, at: datetime) -> Power | None:
    """What `actor` may do for `over`, within a scope that covers `over`; None for every reason alike.

    Whoever it is and whatever the reason, the same three statements are made.
    """
    rights = list(ActingRight.objects.filter(person_id=over))
    person = Person.objects.filter(pk=over).first()
    key = existing_person_keys([over], KeyScope.IDENTITY).get(over)
    if person is None or key is None or person.closed_at:
        return None
    subject = _subject(person, key)
    power = power_over(subject, [_tie(row, key) for row in rights], actor=str(actor), today=_day(at))
    return replace(power, born=subject.born) if power else None


def whom_may_i(actor: UUID, *, at: datetime) -> list[Other]:
    """Everyone this person may act for now, by name; within a scope that covers the actor."""
    # With themselves among them it is never nobody, and the same statements are made whoever is missing.
    mine = {actor, *ActingRight.objects.filter(actor_id=actor).values_list("person_id", flat=True)}
    with scope(Role.RESIDENT, persons=mine):
        rights: dict[UUID, list[ActingRight]] = {}
        for row in ActingRight.objects.filter(person_id__in=mine):
            rights.setdefault(row.person_id, []).append(row)
        keys = existing_person_keys(mine, KeyScope.IDENTITY)
        people = Person.objects.filter(pk__in=keys, closed_at=None)
        found = list(_others(people, rights, keys, actor=actor, today=_day(at)))
    return sorted(found, key=lambda other: other.name)


def _others(
    people: Iterable[Person],
    rights: Mapping[UUID, list[ActingRight]],
    keys: Mapping[UUID, bytes],
    *,
    actor: UUID,
    today: date,
) -> Iterable[Other]:
    for person in people:
        key = keys[person.pk]
        ties = [_tie(row, key) for row in rights.get(person.pk, ())]
        power = power_over(_subject(person, key), ties, actor=str(actor), today=today)
        if power is not None:
            names = names_of(person, key=key)
            yield Other(person.pk, f"{names.given} {names.family}".strip(), power)


def guardians_of(person: UUID, *, at: datetime) -> list[tuple[UUID, Power]]:
    """Guardians who were ever here and may act for the child now, with what they may; within the worker's scope."""
    rights = list(ActingRight.objects.filter(person_id=person))
    row = Person.objects.filter(pk=person).first()
    key = existing_person_keys([person], KeyScope.IDENTITY).get(person)
    if row is None or key is None:
        return []
    subject, ties = _subject(row, key), [_tie(right, key) for right in rights]
    found = []
    for actor in sorted({right.actor_id for right in rights if right.actor_id and right.kind == Kind.CUSTODY}, key=str):
        power = power_over(subject, ties, actor=str(actor), today=_day(at))
        if power is not None and power.right is Right.GUARDIAN:
            found.append((actor, power))
    return found


def birth_of(person: UUID) -> date:
    """The day of birth, from the identity code; within a scope that covers the person."""
    return born(identity_code_of(Person.objects.get(pk=person)))


def public_name(person: UUID, *, at: datetime) -> str:
    """The name under which somebody may speak in public; empty for a child and for whoever must not be found here.

    Within a scope that covers the person.
    """
    row = Person.objects.get(pk=person)
    key = existing_person_keys([person], KeyScope.IDENTITY).get(person)
    subject = _subject(row, key) if key else None
    if subject is None or subject.protected or age_on(subject.born, _day(at)) < OF_AGE:
        return ""
    names = names_of(row, key=key)
    return f"{names.given} {names.family}".strip()


def _subject(person: Person, key: bytes) -> Subject:
    marks = {"protected": False, "in_care": False, "died": False}
    if person.sealed_protection:
        marks = json.decode(
            unseal(key, bytes(person.sealed_protection), aad=marks_place(person.pk)), type=dict[str, bool]
        )
    return Subject(born(identity_code_of(person, key=key)), **marks)


def _tie(row: ActingRight, key: bytes) -> Tie:
    bounds = json.decode(unseal(key, bytes(row.sealed_facts), aad=rights_place(row.person_id, row.pk)), type=Bounds)
    return Tie(
        kind=Kind(row.kind),
        actor=str(row.actor_id or ""),
        topics=None if bounds.topics is None else frozenset(bounds.topics),
        since=bounds.since,
        until=bounds.until,
        protected=bounds.protected,
        prevented=bounds.prevented,
        blocked=bounds.blocked,
    )


def _day(at: datetime) -> date:
    return timezone.localdate(at)
