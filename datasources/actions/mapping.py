"""A keeper maps one dataset of a source: what is read for it, and how its fields are to be read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.actions.sources import Wishes, change_source
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Field, Source
from portal.ledger.actions import record
from portal.ledger.actor import Actor

Texts = dict[str, str]


@dataclass(frozen=True)
class FieldWish:
    """What a field of the catalogue is to be: its type, and of a code its list `{code: {fi, sv, en}}`."""

    type: str
    codes: dict[str, Texts] = field(default_factory=dict)


def map_dataset(
    source: Source, dataset: Dataset, part: dict[str, Any], fields: dict[str, FieldWish], *, by: Actor, at: datetime
) -> list[str]:
    """Save the part of the mapping and the fields in one transaction, within the staff's scope; what differs by name.

    As `change_source`: a source whose reading would change is switched off until that was tried.
    """
    mapping = source.mapping | {dataset.slug: part}
    other = ("secrets", "mapping", "kept_here")
    kept = {name: getattr(source, name) for name in Wishes.__dataclass_fields__ if name not in other}
    changed = change_source(source, Wishes(secrets={}, mapping=mapping, **kept), by=by, at=at)
    described = [row.slug for row in dataset.fields.filter(slug__in=fields) if _described(row, fields[row.slug])]
    if described:
        record(
            SourcesEntry.CATALOGUE_CHANGED,
            by=by,
            at=at,
            department=source.department.slug,
            reference=f"dataset {dataset.slug}",
            counts={"fields": sorted(described)},
        )
    return changed + [f"field {slug}" for slug in described]


def _described(row: Field, wish: FieldWish) -> bool:
    if (row.type, row.codes) == (wish.type, wish.codes):
        return False
    row.type, row.codes, row.kept_here = wish.type, wish.codes, True
    row.save(update_fields=["type", "codes", "kept_here"])
    return True
