"""Trying a source: does it let us in, what would come, what would change. Nothing of it is kept."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from datasources.actions.merging import Outcome
from datasources.actions.offers import items_of
from datasources.actions.pulls import keep_account
from datasources.actions.reach import opened, place_held
from datasources.actions.reading import People, read_dataset
from datasources.actions.values import decoded, hold_values, values_of
from datasources.enums import ConnectorKind
from datasources.errors import CutOff, NothingNew, SourceFault
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Source, Trial, TrialKind, TrialState
from datasources.protocol import Connector, Holding, Limits
from datasources.queries.trials import fingerprint
from datasources.rules.faults import account_of
from datasources.rules.masking import shape_of
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

# A trial that did not end for so long was lost with its worker, and may be made again.
LOST_AFTER = timedelta(minutes=30)
_LIMITS = {
    TrialKind.CONNECTION: Limits.within(20.0),
    TrialKind.PREVIEW: Limits.within(60.0),
    TrialKind.UNMASKED: Limits.within(60.0),
    TrialKind.DRY_RUN: Limits(),
    TrialKind.PLACES: Limits.within(120.0),
    TrialKind.GLIMPSE: Limits.within(60.0),
}
_PEOPLE, _ROWS = 5, 3
_PATIENCE = 20.0
_CUT_OFF = CutOff("It was cut off before it ended.")

Item = dict[str, Any]


class _Undone(Exception):
    """Ends a dry run's transaction without a trace."""


def ask_for_trial(
    source: Source,
    kind: TrialKind,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    asked_for: dict[str, Any] | None = None,
) -> Trial:
    """Have a worker try the source, within the staff's scope; the trial under way, when there is one.

    `reason`: why values are to be seen, at most 300 characters; an unmasked preview has one. `asked_for`: where a look
    at the fields looks, in the words of a mapping.
    """
    running = Trial.objects.select_for_update().filter(source=source, state=TrialState.RUNNING)
    running.filter(asked_at__lt=at - LOST_AFTER).update(
        state=TrialState.FAILED, ended_at=at, **vars(account_of([("", _CUT_OFF)]))
    )
    if (found := running.first()) is not None:
        return found
    told = {"asked_by": by.id, "reason": reason, "asked_for": asked_for or {}}
    trial = Trial.objects.create(source=source, kind=kind, asked_at=at, **told)
    record(
        SourcesEntry.SOURCE_TRIED,
        by=by,
        at=at,
        department=source.department.slug,
        datasets=sorted(source.mapping),
        reference=f"source {source.slug} {kind.value}",
        details={"reason": reason} if reason else None,
    )
    after_commit("datasources.try_source", due_at=at, trial_id=trial.pk)
    return trial


def run_trial(trial_id: UUID, *, by: Actor, at: datetime) -> Trial:
    """Try every mapped dataset, one item of the report each; a second delivery of the same trial does nothing."""
    with scope(Role.WORKER):
        trial = Trial.objects.select_related("source__department").get(pk=trial_id)
        datasets = list(Dataset.objects.filter(slug__in=trial.source.mapping, retired_at=None))
        trial.fingerprint = fingerprint(trial.source)
    if trial.state != TrialState.RUNNING:
        return trial
    values: list[Item] = []
    try:
        with (
            place_held(trial.source, patience=_PATIENCE),
            opened(trial.source, limits=_LIMITS[TrialKind(trial.kind)]) as connector,
        ):
            if TrialKind(trial.kind).is_look:
                items_of(trial, connector, lambda items: _add(trial, *items))
                datasets = []
            for dataset in datasets:
                _add(trial, _try(trial, connector, dataset, values, by=by, at=at))
    except SourceFault as fault:
        keep_account(trial, account_of([("", fault)]))
    empty = not trial.report and not TrialKind(trial.kind).is_look
    failed = trial.error or empty or any(item.get("error") for item in trial.report)
    trial.state, trial.ended_at = (TrialState.FAILED if failed else TrialState.DONE), at
    with scope(Role.WORKER):
        trial.sealed_values = hold_values(trial, values, at=at) if values else None
        trial.save(update_fields=["state", "ended_at", "error", "faults", "sentences", "fingerprint", "sealed_values"])
    return trial


def _add(trial: Trial, *items: Item) -> None:
    """Saved at once: whoever waits sees how far it is."""
    trial.report += items
    with scope(Role.WORKER):
        trial.save(update_fields=["report"])


def _try(trial: Trial, connector: Connector, dataset: Dataset, values: list[Item], *, by: Actor, at: datetime) -> Item:
    item: Item = {"dataset": dataset.slug, "error": ""}
    try:
        match trial.kind:
            case TrialKind.CONNECTION:
                item |= {"people": len(list(connector.look(dataset.slug, people=1)))}
            case TrialKind.PREVIEW:
                item |= _preview(list(connector.look(dataset.slug, people=_PEOPLE)))
            case TrialKind.UNMASKED:
                holdings = list(connector.look(dataset.slug, people=_PEOPLE))
                item |= _preview(holdings)
                values.append(values_of(dataset.slug, holdings, rows=_ROWS))
            case _:
                item |= {"counts": _dry_run(trial, connector, dataset, by=by, at=at)}
    except NothingNew:
        item["nothing_new"] = True
    except SourceFault as fault:
        item |= vars(account_of([("", fault)]))
    return item


def _preview(holdings: list[Holding]) -> Item:
    """The shapes of a few rows of each person; no value, and no code."""
    if not holdings:
        return {"people": 0, "rows": 0, "columns": [], "shapes": []}
    bodies = [decoded(holding.body) for holding in holdings]
    shapes = [[list(map(shape_of, row)) for row in islice(zip(*body["values"], strict=True), _ROWS)] for body in bodies]
    rows = sum(holding.row_count for holding in holdings)
    return {"people": len(holdings), "rows": rows, "columns": bodies[0]["columns"], "shapes": shapes}


def _dry_run(trial: Trial, connector: Connector, dataset: Dataset, *, by: Actor, at: datetime) -> dict[str, int]:
    """The counts of a real reading, which is then undone: sheets, keys and entries with it."""
    outcome = Outcome()
    with suppress(_Undone), scope(Role.WORKER):
        people = People(trial.source, at=at)
        # A system that is asked about one person at a time tells of those it was set to tell, and of no others.
        whole = ConnectorKind(trial.source.kind).lists_everyone
        outcome = read_dataset(
            connector, trial.source, dataset, people, whole=whole, by=by, at=at, reference=str(trial.pk)
        )
        raise _Undone
    return vars(outcome)
