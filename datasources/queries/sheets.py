"""Opening a person's sheets: unsealed with their key, and told in the reader's language."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from datasources.enums import Connection, Disclosure, FieldType
from datasources.models import Dataset, Field, Sheet
from datasources.places import changes_place, sheet_place
from datasources.queries.bodies import body_of
from datasources.queries.brought import Kept, Origin, brought
from datasources.queries.freshness import AgedSheet, with_age
from datasources.rules.changes import Changes
from datasources.rules.columns import shown_columns
from datasources.rules.showing import FieldSpec, Record, records_of
from datasources.rules.wording import Scalar
from portal.i18n.languages import language_now
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal


@dataclass(frozen=True)
class ChangesTold:
    """What changed when the sheet last did: fields by label, records that came and went.

    `unseen`: something changed that is not shown at once.
    """

    at: datetime
    labels: tuple[str, ...]
    unseen: bool
    added: int
    removed: int


@dataclass(frozen=True)
class DatasetSheet:
    """One dataset of one person; `dataset` brings register and department. The times are None when nothing is held."""

    dataset: Dataset
    fields: tuple[FieldSpec, ...]
    records: tuple[Record, ...] = field(repr=False)
    pulled_at: datetime | None
    changed_at: datetime | None
    expires_at: datetime | None
    changes: ChangesTold | None = None
    origins: tuple[Origin, ...] = ()

    @property
    def copied(self) -> frozenset[str]:
        """Fields that come from the population register, and are corrected there."""
        return frozenset(spec.slug for spec in self.fields if spec.copied)

    @property
    def held_back(self) -> int:
        """How many values are there and not shown."""
        return sum(record.held_back for record in self.records)


def sheet_of(person: UUID, dataset: str) -> DatasetSheet | None:
    """One dataset by its slug; None when the catalogue has no such dataset. Within the person's scope; four queries."""
    return sheets_of(person, [dataset]).get(dataset)


def sheets_of(person: UUID, datasets: Iterable[str]) -> dict[str, DatasetSheet]:
    """{slug: sheet} in the catalogue's order; empty sheets for what is not held. Four queries however many datasets."""
    wanted = Dataset.objects.filter(slug__in=list(datasets), retired_at=None).select_related("register__department")
    found = list(wanted)
    specs = _specs(found)
    held = Sheet.objects.filter(person_id=person, dataset__in=found).select_related("source").defer("digest")
    sheets = {sheet.dataset_id: sheet for sheet in with_age(held)}
    key = existing_person_keys([person], KeyScope.RECORDS).get(person) if sheets else None
    opened, apart = {}, brought([dataset.slug for dataset in found])()
    for dataset in found:
        if dataset.slug in apart:
            opened[dataset.slug] = _brought(dataset, specs[dataset.pk], apart[dataset.slug])
            continue
        sheet = sheets.get(dataset.pk) if key else None
        opened[dataset.slug] = DatasetSheet(
            dataset=dataset,
            fields=specs[dataset.pk],
            records=_records(sheet, dataset, specs[dataset.pk], key) if sheet and key else (),
            pulled_at=sheet.as_of if sheet else None,
            changed_at=sheet.changed_at if sheet else None,
            expires_at=sheet.as_of + timedelta(days=dataset.keep_days) if sheet else None,
            changes=_changes(sheet, dataset, specs[dataset.pk], key) if sheet and key else None,
        )
    return opened


@dataclass(frozen=True)
class Table:
    """One dataset of one person by columns, in the order in which its page shows the records.

    `fields` are those that are shown; `columns` are their values, typed, and `held_back` counts values that are there
    and not shown.
    """

    dataset: Dataset
    fields: tuple[FieldSpec, ...]
    columns: tuple[Sequence[Scalar], ...] = field(repr=False)
    row_count: int
    held_back: int
    as_of: datetime
    changes: ChangesTold | None


def tables_of(person: UUID, datasets: Collection[str] | None = None) -> Iterator[Table]:
    """What the city holds about the person, of registers that can be seen here, one dataset at a time.

    `datasets`: slugs of those that are wanted; None means all. Within the person's scope, which stays open until the
    last was read. A statement for each sheet, beside four.
    """
    shown = Dataset.objects.filter(
        retired_at=None, register__retired_at=None, register__connection=Connection.CONNECTED
    ).select_related("register__department")
    if datasets is not None:
        shown = shown.filter(slug__in=datasets)
    order = ("register__department__position", "register__department__slug", "register__position", "position")
    found = {dataset.pk: dataset for dataset in shown.order_by(*order)}
    held = Sheet.objects.filter(person_id=person, dataset__in=found).select_related("source")
    sheets = {sheet.dataset_id: sheet for sheet in with_age(held.defer("digest", "body"))}
    specs = _specs(found[pk] for pk in sheets)
    key = existing_person_keys([person], KeyScope.RECORDS).get(person) if sheets else None
    for pk, dataset in found.items():
        if key and pk in sheets:
            yield _table(sheets[pk], dataset, specs[pk], key)


def _table(sheet: AgedSheet, dataset: Dataset, specs: tuple[FieldSpec, ...], key: bytes) -> Table:
    body = body_of(unseal(key, bytes(sheet.body), aad=sheet_place(sheet.person_id, dataset.pk)))
    mapping = _mapping(sheet, dataset)
    mapped = [spec for spec in specs if spec.slug in mapping["columns"]]
    shown, columns, held_back = shown_columns(body, mapping, mapped)
    changes = _changes(sheet, dataset, specs, key)
    return Table(dataset, shown, columns, sheet.row_count, held_back, sheet.as_of, changes)


def _brought(dataset: Dataset, specs: tuple[FieldSpec, ...], kept: Kept) -> DatasetSheet:
    records = records_of(kept.open(), kept.mapping, specs, language=language_now())
    return DatasetSheet(
        dataset,
        specs,
        records,
        pulled_at=kept.as_of,
        changed_at=kept.as_of,
        expires_at=None,
        origins=kept.origins,
    )


def _records(sheet: Sheet, dataset: Dataset, specs: tuple[FieldSpec, ...], key: bytes) -> tuple[Record, ...]:
    sealed = unseal(key, bytes(sheet.body), aad=sheet_place(sheet.person_id, dataset.pk))
    return records_of(body_of(sealed), _mapping(sheet, dataset), specs, language=language_now())


def _changes(sheet: Sheet, dataset: Dataset, specs: tuple[FieldSpec, ...], key: bytes) -> ChangesTold | None:
    if sheet.changes is None:
        return None
    opened = unseal(key, bytes(sheet.changes), aad=changes_place(sheet.person_id, dataset.pk))
    found = msgspec.json.decode(opened, type=Changes)
    columns = _mapping(sheet, dataset)["columns"]
    changed = [spec for spec in specs if columns.get(spec.slug) in found.columns]
    return ChangesTold(
        at=sheet.changed_at,
        labels=tuple(spec.label for spec in changed if spec.shown),
        unseen=len(changed) < len(found.columns) or not all(spec.shown for spec in changed),
        added=found.added,
        removed=found.removed,
    )


def _mapping(sheet: Sheet, dataset: Dataset) -> dict[str, Any]:
    mapping: dict[str, Any] = sheet.source.mapping.get(dataset.slug, {"columns": {}})
    return mapping


def _specs(datasets: Iterable[Dataset]) -> dict[UUID, tuple[FieldSpec, ...]]:
    language = language_now()
    specs: dict[UUID, list[FieldSpec]] = {dataset.pk: [] for dataset in datasets}
    for row in Field.objects.filter(dataset__in=specs, retired_at=None):
        specs[row.dataset_id].append(
            FieldSpec(
                slug=row.slug,
                label=row.label or "",
                type=FieldType(row.type),
                codes={code: texts.get(language, code) for code, texts in row.codes.items()},
                disclosure=Disclosure(row.disclosure),
                about_others=row.about_others,
                copied=row.copied,
            )
        )
    return {dataset: tuple(each) for dataset, each in specs.items()}
