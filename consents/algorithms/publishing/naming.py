"""Which algorithms a purpose names: the tie between a use of data and the register."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.algorithms.enums import Deciding
from consents.algorithms.faults import AutomatedByConsent, MustBeNamed, NotPublished
from consents.algorithms.kinds import AlgorithmEntry
from consents.algorithms.models import Algorithm, AlgorithmVersion, Naming
from consents.enums import TextState
from consents.publishing.steps import by_department, held_purpose
from datasources.enums import Basis
from portal.ledger.actions import record
from portal.ledger.actor import Actor


@transaction.atomic
def name_algorithms(purpose: UUID, *, algorithms: Iterable[str], by: Actor, at: datetime) -> list[str]:
    """The purpose names these (slugs) and no others; what it names then, sorted. By staff of its department.

    NotYours, PurposeClosed, NotPublished, AutomatedByConsent; MustBeNamed when nothing would be left to a published
    purpose for which a program makes suggestions.
    """
    row, wanted = held_purpose(purpose), sorted(set(algorithms))
    by_department(row, by)
    published = AlgorithmVersion.objects.filter(algorithm__slug__in=wanted, state=TextState.PUBLISHED)
    facts = dict(published.values_list("algorithm__slug", "facts"))
    if set(facts) != set(wanted):
        raise NotPublished
    if row.basis == Basis.CONSENT and any(each.get("deciding") == Deciding.AUTOMATED for each in facts.values()):
        raise AutomatedByConsent
    if not wanted and row.suggested_by_algorithm and row.texts.filter(state=TextState.PUBLISHED).exists():
        raise MustBeNamed
    named = sorted(row.algorithms.values_list("slug", flat=True))
    if named == wanted:
        return named
    Naming.objects.filter(purpose=row).exclude(algorithm__slug__in=wanted).delete()
    new = Algorithm.objects.filter(slug__in=set(wanted) - set(named))
    Naming.objects.bulk_create(Naming(purpose=row, algorithm=each, named_at=at) for each in new)
    record(
        AlgorithmEntry.NAMED,
        by=by,
        at=at,
        department=row.department.slug,
        purpose=row.slug,
        counts={"algorithms": wanted},
    )
    return wanted
