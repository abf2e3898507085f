"""What policy.toml says goes, goes: rows whose time is over, batch by batch, and months of the log as a whole."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from uuid_utils.compat import uuid7

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.models import Entry
from portal.ledger.parts import least_id
from portal.privacy.checks import PACKAGES, policy
from portal.privacy.keeping import LOG_YEARS, Keep, Kind, keep
from portal.privacy.kinds import PrivacyEntry
from portal.walls import Role, scope

BATCH = 5000
# Each batch looks at so many rows in the order of their keys, whatever an index says, and removes those whose time is
# over and on which no other row lies: none takes long, none holds much, and sixteen million rows are many batches.
_SWEEP = """
WITH looked AS MATERIALIZED (
    SELECT {key} AS key, {over} AS over FROM {table} t WHERE {after} {young} ORDER BY {key} LIMIT %(batch)s
), gone AS ({act} RETURNING 1)
SELECT (SELECT key FROM looked ORDER BY key DESC LIMIT 1), (SELECT count(*) FROM looked), (SELECT count(*) FROM gone)
"""
_DELETE = "DELETE FROM {table} t USING looked WHERE t.{key} = looked.key AND looked.over"
_CLEAR = "UPDATE {table} t SET {column} = NULL FROM looked WHERE t.{key} = looked.key AND looked.over"
_LAID_ON = 'NOT EXISTS (SELECT FROM {table} c WHERE c."{column}" = t."{to}")'
_OLD_MONTHS = "SELECT month FROM ledger_months() AS month WHERE month + interval '1 month' <= %s ORDER BY month"


@dataclass(frozen=True)
class Rule:
    """What goes of one table: whole rows, or `column` of them."""

    model: type[models.Model]
    keep: Keep
    column: str = ""

    @property
    def name(self) -> str:
        """As the log tells it."""
        return f"{self.model._meta.label}.{self.column}".rstrip(".")


def rules() -> list[Rule]:
    """Every rule that is a matter of time, those whose rows lie on others' first."""
    found = []
    for label in _in_order():
        model, columns = apps.get_model(label), policy()[label]
        of_row = keep(columns[model._meta.pk.name]["keep"])
        for name, row in columns.items():
            meant = keep(row["keep"])
            if meant.kind is Kind.UNTIL and meant != of_row:
                found.append(Rule(model, meant, name))
        if of_row.kind is Kind.UNTIL:
            found.append(Rule(model, of_row))
    return found


def _in_order() -> list[str]:
    """Labels of all tables, each after those whose rows point to its own."""
    models_of = {label: apps.get_model(label) for label in policy()}
    pointed = {
        label: {each.related_model._meta.label for each in model._meta.related_objects} & policy().keys()
        for label, model in models_of.items()
    }
    return list(TopologicalSorter({label: on - {label} for label, on in pointed.items()}).static_order())


def retain(*, by: Actor, at: datetime, batch: int = BATCH) -> dict[str, int]:
    """Remove all whose time is over, each batch in a transaction of its own, then leave one entry: {what: how many}."""
    gone = {rule.name: sum(_swept(rule, at=at, batch=batch)) for rule in rules()}
    removed = {name: count for name, count in gone.items() if count}
    with scope(Role.WORKER):
        record(PrivacyEntry.REMOVED, by=by, at=at, counts=removed)
    return removed


def remove_months(*, by: Actor, at: datetime) -> list[date]:
    """Drop months of the log that ended ten years ago, whole, each with an entry in its place; leaves stay."""
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute(_OLD_MONTHS, [Keep(Kind.UNTIL, number=LOG_YEARS, unit="years").over_before(at)])
        months = [month for (month,) in cursor.fetchall()]
    for month in months:
        with scope(Role.WORKER), connection.cursor() as cursor:
            before = _told_in(month)
            cursor.execute("SELECT ledger_drop_month(%s)", [month])
            (entries,) = cursor.fetchone() or (0,)
            told = {"month": f"{month:%Y-%m}", "entries": entries, **({"before": before} if before else {})}
            record(PrivacyEntry.MONTH_REMOVED, by=by, at=at, counts=told)
    return months


def _told_in(month: date) -> dict[str, int]:
    """{`YYYY-MM`: entries} of the months whose removal is told by entries of this one: that goes on being told."""
    first, last = (least_id(datetime(each.year, each.month, 1, tzinfo=UTC)) for each in (month, _next(month)))
    # As the log finds what is about nobody, of nobody's department.
    entries = Entry.objects.filter(department="", subject=None, id__gte=first, id__lt=last)
    found: dict[str, int] = {}
    for counts in entries.filter(kind=PrivacyEntry.MONTH_REMOVED).values_list("counts", flat=True):
        found |= counts.get("before", {}) | {counts["month"]: counts["entries"]}
    return found


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _opened(model: type[models.Model]) -> AbstractContextManager[object]:
    # Log-ins and sessions stand outside the walls, where the application itself reaches them.
    outside = model._meta.label in PACKAGES and model._meta.label != "admin.LogEntry"
    return transaction.atomic() if outside else scope(Role.WORKER)


def _swept(rule: Rule, *, at: datetime, batch: int) -> Iterator[int]:
    """How many went, batch by batch."""
    before, after = rule.keep.over_before(at), None
    statement = _statement(rule)
    while True:
        values = {"before": before, "after": after, "batch": batch, "young": least_id(before)}
        with _opened(rule.model), connection.cursor() as cursor:
            cursor.execute(statement(first=after is None), values)
            after, looked, gone = cursor.fetchone() or (None, 0, 0)
        yield int(gone)
        if looked < batch:
            return


def _statement(rule: Rule) -> Any:
    meta = rule.model._meta
    table, key = connection.ops.quote_name(meta.db_table), f'"{meta.pk.column}"'
    over = f't."{_column(rule.model, rule.keep.column)}" < %(before)s'
    if rule.column:
        column = f'"{_column(rule.model, rule.column)}"'
        over = f"({over} AND t.{column} IS NOT NULL)"
        act = _CLEAR.format(table=table, key=key, column=column)
    else:
        over = " AND ".join([over, *_nothing_lies_on(meta)])
        act = _DELETE.format(table=table, key=key)
    # A key made of time tells where the younger rows begin: they need not be looked at.
    young = f"AND t.{key} < %(young)s" if meta.pk.default is uuid7 else ""

    def of(*, first: bool) -> str:
        after = "true" if first else f"t.{key} > %(after)s"
        return _SWEEP.format(table=table, key=f"t.{key}", over=over, after=after, young=young, act=act)

    return of


def _column(model: type[models.Model], name: str) -> str:
    return next(str(field.column) for field in model._meta.local_fields if field.name == name)


def _nothing_lies_on(meta: Any) -> Sequence[str]:
    return [
        _LAID_ON.format(
            table=connection.ops.quote_name(each.related_model._meta.db_table),
            column=each.field.column,
            to=each.field.target_field.column,
        )
        for each in meta.related_objects
        if each.related_model._meta.managed and not each.many_to_many
    ]
