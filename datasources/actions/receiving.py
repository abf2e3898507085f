"""A department sends its records: the same sheets, log and counts as when a source is read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from datasources.actions.merging import Merge
from datasources.actions.pulls import total_on
from datasources.actions.reach import answered
from datasources.actions.reading import People, take
from datasources.connectors.push.deliveries import Sent, holdings_of
from datasources.connectors.push.shape import settings_of, shape_of
from datasources.enums import ConnectorKind
from datasources.errors import Refused
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Pull, PullKind, PullState, Source
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope


def receive(
    source: str, dataset: str, people: Sequence[Sent], *, delivery: UUID, whole: bool = False, by: Actor, at: datetime
) -> Pull:
    """Bring a delivery into the sheets, all of it or nothing; SourceFault with a sentence for the department.

    Whoever stands in it is told whole: their records replace what was held. `whole`: everyone is in it, so that
    whoever is not is held no more. The same `delivery` again changes nothing and gives the Pull of the first time.
    """
    with scope(Role.WORKER):
        told = Source.objects.select_related("department").select_for_update(of=("self",)).filter(slug=source).first()
        found = Dataset.objects.filter(slug=dataset, retired_at=None).first()
        if told is None or told.kind != ConnectorKind.PUSH or not told.switched_on:
            raise Refused("There is no system of that name that sends its records.")
        if found is None or dataset not in told.mapping or by.unit != told.department.slug:
            raise Refused("This system sends no dataset of that name.")
        before = Pull.objects.filter(pk=delivery).first()
        if before is not None:
            if before.source_id != told.pk:
                raise Refused("A delivery of that number came from another system.")
            return before
        pull = Pull(pk=delivery, source=told, kind=PullKind.SENT, state=PullState.DONE, started_at=at, ended_at=at)
        shape, settings = shape_of(dataset, told.mapping[dataset]), settings_of(told.settings)
        kept = People(told, at=at)
        merge = Merge(told, found, by=by, at=at, reference=str(delivery), swept=whole)
        for holding in holdings_of(people, shape, settings):
            take(merge, kept, holding)
        total = merge.finish()
        total_on(pull, total)
        pull.save(force_insert=True)
        answered(told, at=at)
        record(
            SourcesEntry.PULLED,
            by=by,
            at=at,
            department=told.department.slug,
            datasets=[dataset],
            reference=str(delivery),
            counts=vars(total),
        )
    return pull
