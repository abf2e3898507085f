"""Who is active here, and where they are signed in."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from portal.keys.indexes import blind_indexes, index_as_written, older_as_written
from portal.people.models import ActingRight, Person, User
from portal.walls import Role, bulk, bulk_some, scope

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


# SQL that selects ids of people who count as having come though they do not sign in, with `{at}` for the moment, once.
_ALSO: list[str] = []

# Active themselves, or somebody who may act for them is. Each alone, so that the planner reads each set once.
_AT_ONCE = 5000
_ACTIVE = """(
p.last_signed_in_at >= {since} OR p.id IN ({also}) OR EXISTS (
    SELECT FROM people_actingright r JOIN people_person a ON a.id = r.actor_id
    WHERE r.person_id = p.id AND a.last_signed_in_at >= {since}
) OR EXISTS (SELECT FROM people_actingright r WHERE r.person_id = p.id AND r.actor_id IN ({also})))"""
_EVERYONE = "true"
_BY_INDEX = "SELECT p.blind_index, p.id FROM people_person p WHERE {whose}"
_AMONG = """
SELECT p.blind_index, p.id FROM people_person p WHERE p.blind_index = ANY (%b) AND {whose}
UNION ALL
SELECT s.subject, p.id FROM people_pairwisesubject s JOIN people_person p ON p.id = s.person_id
WHERE s.department = %b AND s.subject = ANY (%b) AND {whose}
"""


def counts_too(people: str) -> None:
    """From now on these people are active, too: how an upper floor names those whom it knows (see `_ALSO`)."""
    if people not in _ALSO:
        _ALSO.append(people)


def _also(at: str) -> str:
    return " UNION ALL ".join(sql.format(at=at) for sql in _ALSO) or "SELECT NULL::uuid"


def _whose(at: datetime | None) -> tuple[str, list[datetime]]:
    """(condition on a person `p`, the values of its places): active then, or everyone (None)."""
    if at is None:
        return _EVERYONE, []
    moment = "%b::timestamptz"
    values = [active_since(at=at), *[at] * len(_ALSO)]
    return _ACTIVE.format(since=moment, also=_also(moment)), [*values, *values]


def active_since(*, at: datetime) -> datetime:
    """Whoever signed in after this is active at `at`."""
    return at - ACTIVE_FOR


def people_by_index(*, active_at: datetime | None) -> dict[bytes, UUID]:
    """{blind index: person} of those who are active then, or of all (None); within the worker's scope."""
    whose, values = _whose(active_at)
    rows = bulk_some(_BY_INDEX.format(whose=whose), values, at_once=_AT_ONCE)
    return {index: person for some in rows for index, person in some}


def found_by_code(known: Mapping[bytes, UUID], code: str) -> UUID | None:
    """Who of {blind index: person} a code is of, as a department wrote it: by the index of now, or an older one."""
    newest = index_as_written(code)
    if newest is None:
        return None
    return next((known[index] for index in [newest, *older_as_written(code)] if index in known), None)


def people_among(
    indexes: Collection[bytes], subjects: Collection[bytes], *, department: str, active_at: datetime | None
) -> dict[bytes, UUID]:
    """{blind index or pseudonym of that department: person} of those asked for who are active then, or known (None).

    Within the worker's scope.
    """
    whose, values = _whose(active_at)
    told = [list(indexes), *values, department, list(subjects), *values]
    return dict(bulk(_AMONG.format(whose=whose), told))


def active_people(*, at: datetime) -> QuerySet[Person]:
    """Those whose records a source with `keeps_for = active` may bring; within the worker's scope."""
    came = Q(last_signed_in_at__gte=active_since(at=at)) | Q(
        pk__in=RawSQL(_also("%s"), [at] * len(_ALSO))  # noqa: S611 - our own words, no value of anybody
    )
    actors = Person.objects.filter(came).values("pk")
    acted_for = ActingRight.objects.filter(person_id=OuterRef("pk"), actor_id__in=actors)
    return Person.objects.filter(came | Exists(acted_for))


def sessions_of(user: User) -> list[UserSession]:
    """Open sessions of a log-in, newest first; those that ended meanwhile are dropped. Outside every scope."""
    open_ones: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda session: session.created_at, reverse=True)


def known_since(person: UUID) -> datetime:
    """When the person was first here, and the log about them began; within a scope that covers them."""
    return Person.objects.values_list("created_at", flat=True).get(pk=person)


def is_closed(person: UUID) -> bool:
    """Their account was closed; within a scope that covers them."""
    return Person.objects.filter(pk=person, closed_at__isnull=False).exists()


def found_by(identity_code: str) -> UUID | None:
    """Whose this code is, found as a sign-in finds them; nothing of them is opened. Opens its own scope."""
    with scope(Role.LOGIN, lookups=blind_indexes(identity_code)):
        return Person.objects.values_list("pk", flat=True).first()


def earlier_of(person: UUID) -> list[UUID]:
    """Accounts that were joined to this one, the oldest first; within a scope that covers the person."""
    return list(Person.objects.filter(continues_as=person).order_by("created_at").values_list("pk", flat=True))


def accounts_before(person: UUID) -> list[UUID]:
    """The same, for who signs in. Opens its own scope."""
    with scope(Role.RESIDENT, persons=[person]):
        return earlier_of(person)


def person_of(person: UUID) -> Person:
    """Their row; within a scope that covers them."""
    return Person.objects.get(pk=person)
