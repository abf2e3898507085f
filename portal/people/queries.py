"""Who is active here."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.people.models import Person

# Two years without a sign-in and nobody's copies are kept any longer (data minimisation, GDPR 5(1)(c)).
ACTIVE_FOR = timedelta(days=730)


def active_people(*, at: datetime) -> QuerySet[Person]:
    """Those whose records a source with `keeps_for = active` may bring; within the worker's scope."""
    return Person.objects.filter(last_signed_in_at__gte=at - ACTIVE_FOR)
