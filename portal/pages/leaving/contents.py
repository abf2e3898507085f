"""The items of a package as it is written: the rows that the pages show, typed, named in three languages."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy, override

from datasources.enums import FieldType
from datasources.queries.handing import Described, fields_described
from datasources.queries.sheets import Table, tables_of
from datasources.rules.wording import Scalar
from datasources.transfers.package.shape import Item, Label
from datasources.wearables.queries.figures import held_by
from portal.cities import Text, city
from portal.pages.door import ResidentRequest
from portal.pages.leaving.items import FIGURES, PERMISSIONS
from portal.pages.leaving.labels import brought_told, label_told
from portal.pages.matters import consents, covers
from portal.pages.package.whose import asking_for
from portal.requests.leaving.making import Order

LANGUAGES = ("fi", "sv", "en")
_TYPES: Mapping[FieldType, Mapping[str, Any]] = {
    FieldType.DATE: {"type": ["string", "null"], "format": "date"},
    FieldType.MOMENT: {"type": ["string", "null"], "format": "date-time"},
    FieldType.MONEY: {"type": ["integer", "string", "null"], "description": "cents"},
    FieldType.NUMBER: {"type": ["number", "string", "null"]},
    FieldType.BOOLEAN: {"type": ["boolean", "string", "null"]},
}
_TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
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


def _sheets(asking: ResidentRequest, wanted: set[str]) -> Iterator[Item]:
    described = fields_described(sorted(wanted))()
    for table in tables_of(asking.person, wanted):
        register = table.dataset.register
        if covers(asking, register.department.slug):
            fields = described.get(table.dataset.slug, {})
            names = [spec.slug for spec in table.fields]
            yield Item(
                id=table.dataset.slug,
                dataset=table.dataset.slug,
                label=label_told(table.dataset.slug, register.basis).label,
                title=_named(table.dataset, "name"),
                department=_named(register.department, "everyday_name"),
                register=_named(register, "name"),
                schema=_schema({name: _column(fields[name]) for name in names if name in fields}),
                rows=_rows(table, names),
                as_of=table.as_of,
            )


def _rows(table: Table, names: Sequence[str]) -> list[dict[str, Any]]:
    columns = [[_plain(value) for value in column] for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Scalar) -> str | int | float | bool | None:
    return value.isoformat() if isinstance(value, date | datetime) else value


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
    schema |= {"text_version": {"type": "integer"}} | dict.fromkeys(times, _TYPES[FieldType.MOMENT])
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


def _column(field: Described) -> dict[str, Any]:
    told = {**_TYPES.get(field.type, _TEXT), "titles": dict(field.label)}
    return told | ({"words": dict(field.codes)} if field.codes else {})


def _schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _named(row: Any, column: str) -> Text:
    return Text(**{language: getattr(row, f"{column}_{language}") for language in LANGUAGES})


def _in_each(text: Any) -> Text:
    told = {}
    for language in LANGUAGES:
        with override(language):
            told[language] = str(text)
    return Text(**told)
