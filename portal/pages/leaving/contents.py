"""The items of a package as it is written: the rows that the pages show, typed, named in three languages."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy, override

from datasources.queries.sheets import Table, tables_of
from datasources.transfers.arriving.items import accepted_items
from datasources.transfers.datasets import plain, schema_of, words_of
from datasources.transfers.package.schemas import DIALECT
from datasources.transfers.package.shape import LANGUAGES, Item, Label
from datasources.wearables.queries.figures import held_by
from portal.cities import Text, city
from portal.pages.door import ResidentRequest
from portal.pages.leaving.items import ACCEPTED, FIGURES, PERMISSIONS
from portal.pages.leaving.labels import brought_told, label_told
from portal.pages.matters import consents, covers
from portal.pages.package.whose import asking_for
from portal.requests.leaving.making import Order

# Of the name of an item, by `shape.NAME`.
LONGEST_NAME = 80
_MOMENT: Mapping[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_DATASET, _PERMISSIONS = gettext_lazy("Data from watch and phone"), gettext_lazy("Permissions")
_BY_PERSON, _SERVICE = gettext_lazy("Brought by the person"), gettext_lazy("This service")


def items_of(order: Order) -> Iterator[Item]:
    """What was chosen and whoever asked may still take, within the person's scope. NotTheirs when their right ended."""
    asking, wanted = asking_for(order.request, at=order.at), set(order.items)
    yield from _sheets(asking, wanted)
    if FIGURES in wanted and asking.power is None:
        yield from _figures(asking)
    if PERMISSIONS in wanted:
        yield _permissions(asking, at=order.at)
    if asking.power is None:
        yield from _handed_on(asking, wanted, taken=wanted)


def _sheets(asking: ResidentRequest, wanted: set[str]) -> Iterator[Item]:
    for table in tables_of(asking.person, wanted):
        dataset, register = table.dataset, table.dataset.register
        schema = schema_of(dataset.slug, url=settings.PUBLIC_URL)
        if schema and covers(asking, register.department.slug):
            yield Item(
                id=dataset.slug,
                dataset=dataset.slug,
                label=label_told(dataset.slug, register.basis).label,
                title=words_of(dataset, "name"),
                department=words_of(register.department, "everyday_name"),
                register=words_of(register, "name"),
                schema=schema,
                rows=_rows(table),
                as_of=table.as_of,
            )


def _rows(table: Table) -> list[dict[str, Any]]:
    names = [spec.slug for spec in table.fields]
    columns = [map(plain, column) for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _figures(asking: ResidentRequest) -> Iterator[Item]:
    held = held_by(asking.person)
    if held.changed_at is None:
        return
    rows = [
        {
            "day": each.day.isoformat(),
            "measure": each.measure.value,
            "value": each.value,
            "source": each.source,
            "device": each.device.value,
            "points": each.points,
            "by_hand": each.by_hand,
        }
        for each in sorted(held.figures, key=lambda each: (each.measure, each.day, each.source, each.device))
    ]
    schema = {
        "day": {"type": "string", "format": "date"},
        "measure": {"type": "string"},
        "value": {"type": "number"},
        "source": {"type": "string"},
        "device": {"type": "string"},
        "points": {"type": "integer"},
        "by_hand": {"type": "boolean"},
    }
    yield Item(
        id=FIGURES,
        dataset=FIGURES,
        label=brought_told().label,
        title=_in_each(_DATASET),
        department=_in_each(_BY_PERSON),
        register=_in_each(_BY_PERSON),
        schema=_schema(schema),
        rows=rows,
        as_of=held.changed_at,
    )


def _handed_on(asking: ResidentRequest, wanted: set[str], *, taken: set[str]) -> Iterator[Item]:
    """What came from another city goes on to the byte as it came, with that city named."""
    names = set(taken)
    for each in accepted_items(asking.person):
        if f"{ACCEPTED}{each.row.pk}" in wanted:
            item = each.handed_on()
            name = next(name for name in _names(item.id, each.row.issuer) if name not in names)
            names.add(name)
            yield replace(item, id=name)


def _names(wanted: str, issuer: str) -> Iterator[str]:
    """What it may be called among the rest: as it came, else with its city, else with a number."""
    yield wanted
    short = wanted[: LONGEST_NAME - len(issuer) - 5].rstrip("-")
    yield f"{short}-{issuer}"
    for number in count(2):
        yield f"{short}-{issuer}-{number}"


def _permissions(asking: ResidentRequest, *, at: datetime) -> Item:
    rows = [
        {
            "purpose": row.purpose.slug,
            "department": row.recipient,
            "state": str(row.state),
            "text_version": row.text.version,
            **{f"name_{language}": row.text.parts[language]["name"] for language in LANGUAGES},
            "requested_at": row.requested_at.isoformat(),
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
            "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in consents(asking)
    ]
    texts = ("purpose", "department", "state", *(f"name_{language}" for language in LANGUAGES))
    times = ("requested_at", "answered_at", "valid_until", "withdrawn_at")
    schema: dict[str, Mapping[str, Any]] = {name: {"type": "string"} for name in texts}
    schema |= {"text_version": {"type": "integer"}} | dict.fromkeys(times, _MOMENT)
    return Item(
        id=PERMISSIONS,
        dataset=PERMISSIONS,
        label=Label.COPY,
        title=_in_each(_PERMISSIONS),
        department=_in_each(_SERVICE),
        register=city().portal_name,
        schema=_schema({name: schema[name] for name in (rows[0] if rows else schema)}),
        rows=rows,
        as_of=at,
    )


def _schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    told = {"$schema": DIALECT, "type": "object", "additionalProperties": False}
    return {**told, "properties": dict(properties)}


def _in_each(text: Any) -> Text:
    told = {}
    for language in LANGUAGES:
        with override(language):
            told[language] = str(text)
    return Text(**told)
