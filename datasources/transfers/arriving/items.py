"""What arrived of a person, opened: packages, their items, what was accepted. Within a scope that covers the person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from datasources.enums import Signature
from datasources.transfers.arriving.marks import WITHDRAWN_AT, signature_by
from datasources.transfers.arriving.sealing import brought_key, key_in, opened_files, opened_thing
from datasources.transfers.arriving.telling import Report, Told, report_in, told_in
from datasources.transfers.enums import ArrivalState, ItemState
from datasources.transfers.models import Arrival, Item
from datasources.transfers.package.shape import Item as PackageItem
from datasources.transfers.package.shape import Origin

_WITHDRAWN_AT = WITHDRAWN_AT.format(item="transfers_item")


@dataclass(frozen=True)
class Brought:
    """One item of a person: `told` is what the package said of it; `rows` and `schema` open when they are asked for."""

    row: Item
    told: Told
    signature: Signature
    _key: bytes = field(repr=False)

    @property
    def is_accepted(self) -> bool:
        """It was taken in."""
        return self.row.state == ItemState.ACCEPTED

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """`rows` and `schema`: JSON, to the byte as they came."""
        return opened_files(self.row.sealed_body, of=self.row.pk, key=self._key)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Its rows."""
        rows: list[dict[str, Any]] = msgspec.json.decode(self.files["rows"])
        return rows

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of a row."""
        schema: dict[str, Any] = msgspec.json.decode(self.files["schema"])
        return schema

    def handed_on(self) -> PackageItem:
        """As an item of another package: to the byte as it came, with the city named that issued it first."""
        told = self.told
        first = told.first or Origin(told.issuer, told.issuer_name, told.issued)
        texts = {"title": told.title, "department": told.department, "register": told.register}
        return PackageItem(
            id=told.id,
            dataset=told.dataset,
            label=told.label,
            schema=self.schema,
            rows=self.rows,
            as_of=told.as_of,
            origin=first,
            **texts,
        )


def arrivals_of(person: UUID) -> QuerySet[Arrival]:
    """Every package that was brought, asked for or fetched, newest first; what stands sealed stays so."""
    return Arrival.objects.filter(person_id=person).defer("sealed_errand", "sealed_report")


def waiting_of(person: UUID, *, at: datetime) -> QuerySet[Arrival]:
    """Those that wait for answers."""
    return arrivals_of(person).filter(state=ArrivalState.READY, goes_at__gt=at)


def report_of(row: Arrival) -> Report | None:
    """What a package said of itself; None while it has not been checked, and where its key is gone."""
    under = brought_key(row.person_id) if row.sealed_report else None
    if under is None or row.sealed_report is None:
        return None
    key = key_in(row.sealed_key, of=row.pk, under=under)
    return report_in(opened_thing(row.sealed_report, "report", of=row.pk, key=key))


def items_of(arrival: Arrival, *, at: datetime) -> list[Brought]:
    """In the package's order, but those whose time is over, however late the job that removes them."""
    rows = Item.objects.filter(arrival_id=arrival.pk, person_id=arrival.person_id)
    return list(_opened(arrival.person_id, rows.filter(_is_here(at))))


def item_of(person: UUID, item: UUID, *, at: datetime) -> Brought | None:
    """One of them."""
    rows = Item.objects.filter(pk=item, person_id=person)
    return next(_opened(person, rows.filter(_is_here(at))), None)


def accepted_items(person: UUID) -> list[Brought]:
    """All that was taken in, newest first."""
    rows = Item.objects.filter(person_id=person, state=ItemState.ACCEPTED)
    return list(_opened(person, rows.order_by("-accepted_at", "number")))


def accepted_datasets(person: UUID, among: Collection[str] | None = None) -> set[str]:
    """Slugs, as the issuers call them, of what was taken in."""
    rows = Item.objects.filter(person_id=person, state=ItemState.ACCEPTED)
    rows = rows if among is None else rows.filter(dataset__in=among)
    return set(rows.values_list("dataset", flat=True))


def newest_of_each(items: Iterable[Brought]) -> list[Brought]:
    """Of each dataset and city what was issued last: what came before it is kept and not handed over."""
    found: dict[tuple[str, str], Brought] = {}
    for each in sorted(items, key=lambda each: (each.row.issued_at, each.row.accepted_at, each.row.number)):
        found[each.row.dataset, each.row.issuer] = each
    return sorted(found.values(), key=lambda each: each.row.issued_at, reverse=True)


def _is_here(at: datetime) -> Q:
    return Q(goes_at=None) | Q(goes_at__gt=at)


def _opened(person: UUID, rows: QuerySet[Item]) -> Iterator[Brought]:
    under = brought_key(person)
    if under is None:
        return
    for row in rows.annotate(withdrawn_at=RawSQL(_WITHDRAWN_AT, [])):  # noqa: S611 - a constant
        yield brought_in(row, under=under, withdrawn_at=row.withdrawn_at)


def brought_in(row: Item, *, under: bytes, withdrawn_at: datetime | None) -> Brought:
    """A row, opened; `under` is the person's key, `withdrawn_at` since when the issuer's key is no longer believed."""
    key = key_in(row.sealed_key, of=row.pk, under=under)
    told = told_in(opened_thing(row.sealed_told, "told", of=row.pk, key=key))
    return Brought(row, told, signature_by(withdrawn_at, issued_at=row.issued_at), key)
