"""Who is active here, and where they are signed in."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from portal.people.models import ActingRight, Person, User
from portal.walls import bulk

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


# SQL that selects ids of people who count as having come though they do not sign in, with `{at}` for the moment, once.
_ALSO: list[str] = []

# Active themselves, or somebody who may act for them is.
_ACTIVE = """(
(SELECT since FROM m) IS NULL OR p.last_signed_in_at >= (SELECT since FROM m) OR p.id IN ({also}) OR EXISTS (
    SELECT FROM people_actingright r JOIN people_person a ON a.id = r.actor_id
    WHERE r.person_id = p.id AND (a.last_signed_in_at >= (SELECT since FROM m) OR a.id IN ({also}))
))"""
_MOMENTS = "WITH m AS (SELECT %b::timestamptz AS at, %b::timestamptz AS since)"
_BY_INDEX = "{moments} SELECT p.blind_index, p.id FROM people_person p WHERE {active}"
_AMONG = """
{moments}
SELECT p.blind_index, p.id FROM people_person p WHERE p.blind_index = ANY (%b) AND {active}
UNION ALL
SELECT s.subject, p.id FROM people_pairwisesubject s JOIN people_person p ON p.id = s.person_id
WHERE s.department = %b AND s.subject = ANY (%b) AND {active}
"""


def counts_too(people: str) -> None:
    """From now on these people are active, too: how an upper floor names those whom it knows (see `_ALSO`)."""
    if people not in _ALSO:
        _ALSO.append(people)


def _also(at: str) -> str:
    return " UNION ALL ".join(sql.format(at=at) for sql in _ALSO) or "SELECT NULL::uuid"


def _whole(sql: str) -> str:
    return sql.format(moments=_MOMENTS, active=_ACTIVE.format(also=_also("(SELECT at FROM m)")))


def active_since(*, at: datetime) -> datetime:
    """Whoever signed in after this is active at `at`."""
    return at - ACTIVE_FOR


def people_by_index(*, active_at: datetime | None) -> dict[bytes, UUID]:
    """{blind index: person} of those who are active then, or of all (None); within the worker's scope."""
    return dict(bulk(_whole(_BY_INDEX), _moments(active_at)))


def people_among(
    indexes: Collection[bytes], subjects: Collection[bytes], *, department: str, active_at: datetime | None
) -> dict[bytes, UUID]:
    """{blind index or pseudonym of that department: person} of those asked for who are active then, or known (None).

    Within the worker's scope.
    """
    told = [*_moments(active_at), list(indexes), department, list(subjects)]
    return dict(bulk(_whole(_AMONG), told))


def _moments(at: datetime | None) -> list[datetime | None]:
    return [at, active_since(at=at) if at else None]


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
