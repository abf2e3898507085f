"""How fresh a sheet is: as the source last told it, or as a later reading of the whole dataset found it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Greatest

from datasources.enums import KeepsFor
from datasources.models import Dataset, Reading, Sheet, Source
from datasources.queries.trials import fingerprint
from datasources.rules.watermarks import SWEEP_DAYS, Before, begins_at, is_swept

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Age(TypedDict):
        as_of: datetime

    AgedSheet = WithAnnotations[Sheet, _Age]
else:
    AgedSheet = Sheet


def with_age(sheets: QuerySet[Sheet]) -> "QuerySet[AgedSheet]":
    """The same sheets, each with `as_of`: the latest moment at which the source is known to hold just this."""
    # GREATEST of PostgreSQL passes over NULL: a dataset that was never read whole has no reading.
    found_again = Greatest("pulled_at", _read_at(), output_field=DateTimeField())
    return sheets.annotate(as_of=Case(When(confirmed=True, then=found_again), default=F("pulled_at")))


@dataclass(frozen=True)
class ReadOn:
    """What a reading may leave out, for the last one at `read_at` had it: as `Connector.parts` takes it."""

    read_at: datetime
    since: str | None = None
    seen: str = ""


def read_on(source: Source, dataset: Dataset, *, at: datetime) -> ReadOn | None:
    """From where to read this dataset on; None when all of it is to be read. Within the worker's scope."""
    last = Reading.objects.filter(source=source, dataset=dataset).first()
    # Someone may be kept for without ever having come here: nobody would ask about them, so all are read.
    if last is None or source.keeps_for != KeepsFor.ACTIVE:
        return None
    days = source.mapping[dataset.slug].get("sweep_days", SWEEP_DAYS)
    before = Before(last.watermark, swept_at=last.swept_at, mapping_version=last.mapping_version)
    since = begins_at(before, mapping_version=source.mapping_version, sweep_days=days, at=at)
    if since is not None:
        return ReadOn(last.read_at, since=since)
    if is_swept(before, sweep_days=days, at=at) and last.seen and last.seen_by == fingerprint(source):
        return ReadOn(last.read_at, seen=last.seen)
    return None


def past_their_time(*, at: datetime) -> Q:
    """Which sheets their datasets let live no longer. Small tables are read here, so that sheets are asked by index."""
    over = Q(pk__in=[])
    read_at = dict(Reading.objects.values_list("dataset_id", "read_at"))
    for dataset, days in Dataset.objects.values_list("pk", "keep_days"):
        cutoff = at - timedelta(days=days)
        old = Q(dataset=dataset, pulled_at__lte=cutoff)
        over |= old if read_at.get(dataset, cutoff) <= cutoff else old & Q(confirmed=False)
    return over


def _read_at() -> Subquery:
    return Subquery(Reading.objects.filter(source=OuterRef("source"), dataset=OuterRef("dataset")).values("read_at"))
