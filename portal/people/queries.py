"""Who is active here, and where they are signed in."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from portal.people.models import Person, User
from portal.walls import bulk

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


_BY_INDEX = """
SELECT blind_index, id FROM people_person WHERE %b::timestamptz IS NULL OR last_signed_in_at >= %b
"""


def active_since(*, at: datetime) -> datetime:
    """Whoever signed in after this is active at `at`."""
    return at - ACTIVE_FOR


def people_by_index(*, since: datetime | None) -> dict[bytes, UUID]:
    """{blind index: person} of those who signed in since then, or of all; within the worker's scope."""
    return dict(bulk(_BY_INDEX, [since, since]))


def active_people(*, at: datetime) -> QuerySet[Person]:
    """Those whose records a source with `keeps_for = active` may bring; within the worker's scope."""
    return Person.objects.filter(last_signed_in_at__gte=active_since(at=at))


def sessions_of(user: User) -> list[UserSession]:
    """Open sessions of a log-in, newest first; those that ended meanwhile are dropped. Outside every scope."""
    open_ones: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda session: session.created_at, reverse=True)
