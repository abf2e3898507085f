"""Who is active here, and where they are signed in."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.people.models import ActingRight, Person, User
from portal.walls import bulk

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


# Active themselves, or somebody who may act for them is.
_ACTIVE = """(
%b::timestamptz IS NULL OR p.last_signed_in_at >= %b OR EXISTS (
    SELECT FROM people_actingright r JOIN people_person a ON a.id = r.actor_id
    WHERE r.person_id = p.id AND a.last_signed_in_at >= %b
))"""
_BY_INDEX = f"SELECT p.blind_index, p.id FROM people_person p WHERE {_ACTIVE}"  # noqa: S608
_AMONG = f"""
SELECT p.blind_index, p.id FROM people_person p WHERE p.blind_index = ANY (%b) AND {_ACTIVE}
UNION ALL
SELECT s.subject, p.id FROM people_pairwisesubject s JOIN people_person p ON p.id = s.person_id
WHERE s.department = %b AND s.subject = ANY (%b) AND {_ACTIVE}
"""  # noqa: S608


def active_since(*, at: datetime) -> datetime:
    """Whoever signed in after this is active at `at`."""
    return at - ACTIVE_FOR


def people_by_index(*, since: datetime | None) -> dict[bytes, UUID]:
    """{blind index: person} of those who signed in since then, or of all; within the worker's scope."""
    return dict(bulk(_BY_INDEX, [since, since, since]))


def people_among(
    indexes: Collection[bytes], subjects: Collection[bytes], *, department: str, since: datetime | None
) -> dict[bytes, UUID]:
    """{blind index or pseudonym of that department: person} of those asked for who are active since then, or known.

    Within the worker's scope.
    """
    active = [since, since, since]
    return dict(bulk(_AMONG, [list(indexes), *active, department, list(subjects), *active]))


def active_people(*, at: datetime) -> QuerySet[Person]:
    """Those whose records a source with `keeps_for = active` may bring; within the worker's scope."""
    since = active_since(at=at)
    actors = Person.objects.filter(last_signed_in_at__gte=since).values("pk")
    acted_for = ActingRight.objects.filter(person_id=OuterRef("pk"), actor_id__in=actors)
    return Person.objects.filter(Q(last_signed_in_at__gte=since) | Exists(acted_for))


def sessions_of(user: User) -> list[UserSession]:
    """Open sessions of a log-in, newest first; those that ended meanwhile are dropped. Outside every scope."""
    open_ones: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda session: session.created_at, reverse=True)
