"""Who is active here, and where they are signed in."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from portal.people.models import Person, User

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


def active_people(*, at: datetime) -> QuerySet[Person]:
    """Those whose records a source with `keeps_for = active` may bring; within the worker's scope."""
    return Person.objects.filter(last_signed_in_at__gte=at - ACTIVE_FOR)


def sessions_of(user: User) -> list[UserSession]:
    """Open sessions of a log-in, newest first; those that ended meanwhile are dropped. Outside every scope."""
    open_ones: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda session: session.created_at, reverse=True)
