"""A breach: whom it may have touched is counted from the log, a second person confirms, and those people are told.

GDPR 33 and 34. Nobody gets a list of names: counts for staff and the authority, a notice for each person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from datasources.kinds import SourcesEntry
from datasources.queries.offers import told_by
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record, record_each
from portal.ledger.actor import Actor, ActorKind
from portal.ledger.entries import Facts, Told
from portal.ledger.models import Entry
from portal.ledger.parts import least_id
from portal.ledger.reading import AHEAD
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind
from portal.people.models import Person
from portal.requests.breach_models import Breach, BreachTold
from portal.requests.errors import AlreadyConfirmed, OwnBreach
from portal.requests.kinds import RequestEntry

# To the authority without undue delay, and where feasible within so long of knowing it (GDPR 33(1)).
TO_AUTHORITY_WITHIN = timedelta(hours=72)
_BATCH = 500
_USES = Q(actor_kind__in=[ActorKind.STAFF.value, ActorKind.CLIENT.value]) | Q(kind__startswith="datasources.")


@dataclass(frozen=True)
class Touched:
    """How many people, by how many entries of the log, and which kinds of data these name."""

    people: int
    entries: int
    datasets: tuple[str, ...]


def entries_of(breach: Breach) -> QuerySet[Entry]:
    """What staff and systems of departments did, and what was read from sources; within a scope that sees the log."""
    if breach.account:
        # Whatever was done in it: each of the two may have seen what is the other's.
        return _since(breach).filter(subject=breach.account, at__lt=breach.until_at)
    if breach.source:
        return _kept_from(breach)
    rows = _since(breach).filter(_USES, subject__isnull=False, at__lt=breach.until_at)
    if breach.department:
        rows = rows.filter(department=breach.department)
    if breach.dataset:
        rows = rows.filter(datasets__contains=[breach.dataset])
    return rows.filter(actor_id=breach.actor) if breach.actor else rows


def _since(breach: Breach) -> QuerySet[Entry]:
    # An entry is written when it happened or later: months before are not looked at.
    return Entry.objects.filter(at__gte=breach.from_at, id__gte=least_id(breach.from_at - AHEAD))


def _kept_from(breach: Breach) -> QuerySet[Entry]:
    """By which entries data of a source came that was here in that time, and had not been removed before it."""
    department, slugs = told_by(breach.source)
    named = [slug for slug in slugs if breach.dataset in {"", slug}]
    came = Q(kind__in=[SourcesEntry.SHEET_ARRIVED.value, SourcesEntry.SHEET_CHANGED.value], department=department)
    went = Entry.objects.filter(
        kind=SourcesEntry.SHEET_REMOVED.value,
        subject=OuterRef("subject"),
        datasets=OuterRef("datasets"),
        at__gte=OuterRef("at"),
        at__lt=breach.from_at,
    )
    rows = Entry.objects.filter(came, subject__isnull=False, at__lt=breach.until_at, datasets__in=[[s] for s in named])
    return rows.filter(~Exists(went))


def touched_by(breach: Breach) -> Touched:
    """Counts only."""
    rows = entries_of(breach).order_by()
    counted = rows.aggregate(people=Count("subject", distinct=True), entries=Count("id"))
    named = {slug for slugs in rows.values_list("datasets", flat=True).distinct() for slug in slugs}
    return Touched(counted["people"], counted["entries"], tuple(sorted(named)))


def draft_breach(breach: Breach, *, by: Actor, at: datetime) -> Breach:
    """Nobody is told yet. Within a scope of who sees every department."""
    breach.drafted_by, breach.drafted_at = by.id, at
    breach.save(force_insert=True)
    record(RequestEntry.BREACH_DRAFTED, by=by, at=at, department=breach.department, reference=str(breach.pk))
    return breach


def confirm_breach(pk: UUID, *, by: Actor, at: datetime) -> None:
    """Another than who drafted it: people are told from now on. OwnBreach, AlreadyConfirmed."""
    row = Breach.objects.select_for_update().get(pk=pk)
    if row.confirmed_at is not None:
        raise AlreadyConfirmed
    if row.drafted_by == by.id:
        raise OwnBreach
    row.confirmed_by, row.confirmed_at = by.id, at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    counts = {"people": touched_by(row).people}
    told = {"department": row.department, "reference": str(row.pk), "counts": counts}
    record(RequestEntry.BREACH_CONFIRMED, by=by, at=at, **told)  # type: ignore[arg-type]
    after_commit("requests.tell_of_breach", due_at=at, breach_id=row.pk)


def tell_of_breach(pk: UUID, *, by: Actor, at: datetime, batch: int = _BATCH) -> int:
    """Tell at most `batch` of those not told yet; of how many accounts. None left: all are told. Worker's scope."""
    row = Breach.objects.select_for_update().filter(pk=pk, confirmed_at__isnull=False, all_told_at=None).first()
    if row is None:
        return 0
    told = BreachTold.objects.filter(breach=row, person_id=OuterRef("subject"))
    # Whose account was joined to another hears of it there.
    told_there = Person.objects.filter(pk=OuterRef("subject"), continues_as__in=row.told.values("person_id"))
    untold = entries_of(row).filter(~Exists(told), ~Exists(told_there))
    left = untold.order_by("subject").values_list("subject", flat=True).distinct()
    found = [person for person in left[:batch] if person]
    people, closed = _as_known_today(found)
    before = set(row.told.filter(person_id__in=[*people, *closed]).values_list("person_id", flat=True))
    people, closed = ([each for each in which if each not in before] for which in (people, closed))
    rows = [BreachTold(breach=row, person_id=person, told_at=at) for person in people]
    # That the two who were kept as one are told stands beside the account that they shared, too.
    BreachTold.objects.bulk_create([*rows, *(BreachTold(breach=row, person_id=each, told_at=at) for each in closed)])
    tell_many(NoticeKind.BREACH, {each.pk: each.person_id for each in rows}, by=by, at=at)
    facts = {person: Facts(person, department=row.department, reference=str(row.pk)) for person in people}
    record_each([Told(RequestEntry.BREACH_TOLD.value, at, facts[person]) for person in people], by=by)
    if not found:
        row.all_told_at = at
        row.save(update_fields=["all_told_at"])
    return len(found)


def _as_known_today(people: Iterable[UUID]) -> tuple[list[UUID], list[UUID]]:
    """(who they are by now, accounts among them that became two), over every joining and splitting since."""
    now, shared = list(dict.fromkeys(people)), dict[UUID, None]()
    while True:
        moved = Person.objects.filter(Q(continues_as__isnull=False) | Q(split_into__isnull=False), pk__in=now)
        then = {row.pk: row.split_into or [row.continues_as_id or row.pk] for row in moved}
        if not then:
            return now, list(shared)
        shared |= dict.fromkeys(row.pk for row in moved if row.split_into)
        now = list(dict.fromkeys(each for person in now for each in then.get(person, [person])))


def breaches_told(person: UUID) -> list[tuple[datetime, Mapping[str, str]]]:
    """(when they were told, {language: text}) of each breach, newest first; within the person's scope."""
    rows = BreachTold.objects.filter(person_id=person).select_related("breach").order_by("-told_at")
    return [(row.told_at, texts_of(row.breach)) for row in rows]


def texts_of(breach: Breach) -> Mapping[str, str]:
    """{language: what people are told}."""
    return {"fi": breach.told_fi, "sv": breach.told_sv, "en": breach.told_en}


def form_of(breach: Breach, touched: Touched) -> dict[str, object]:
    """What is known, for the authority's form (GDPR 33(3)); times in ISO 8601, datasets by slug."""
    return {
        "known_at": breach.known_at.isoformat(),
        "notify_by": (breach.known_at + TO_AUTHORITY_WITHIN).isoformat(),
        "from": breach.from_at.isoformat(),
        "until": breach.until_at.isoformat(),
        "department": breach.department or None,
        "source": breach.source or None,
        "people": touched.people,
        "records_of_use": touched.entries,
        "datasets": list(touched.datasets),
        "nature": breach.nature,
        "consequences": breach.consequences,
        "measures": breach.measures,
        "people_are_told": breach.confirmed_at.isoformat() if breach.confirmed_at else None,
    }
