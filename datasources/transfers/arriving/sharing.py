"""What was accepted, as departments may have it: datasets of the register of what residents brought, by their names.

A dataset `brought-<name>` of the city's catalogue is what another city issued as `<name>`. It is made when it is asked
for, of the items that stand accepted then; without the person's `brought` key there is none.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from datasources.catalogue.files import read_city_catalogue
from datasources.queries.brought import Kept, Read, lies_apart
from datasources.queries.brought import Origin as Mark
from datasources.transfers.arriving.items import Brought, brought_in, newest_of_each
from datasources.transfers.arriving.marks import WITHDRAWN_AT
from datasources.transfers.models import Item
from portal.cities import city_folder
from portal.keys.models import KeyScope
from portal.keys.person_keys import unwrapped
from portal.walls import sent
from portal.walls.sql import theirs

PREFIX = "brought-"
_HELD = f"""
SELECT i.person_id, i.id, i.dataset, i.issuer, i.key_id, i.issued_at, i.accepted_at, i.number, i.row_count,
       i.sealed_key, i.sealed_told, i.sealed_body, k.ring_version, k.wrapped, {WITHDRAWN_AT.format(item="i")}
FROM transfers_item i
JOIN keys.person_key k ON k.person_id = i.person_id AND k.scope = %s AND k.destroyed_at IS NULL
WHERE {theirs("i.person_id")} AND i.state = 'accepted' AND i.dataset = ANY (%s)
"""  # noqa: S608
_COLUMNS = (
    *("person_id", "id", "dataset", "issuer", "key_id", "issued_at", "accepted_at", "number", "row_count"),
    *("sealed_key", "sealed_told", "sealed_body"),
)


@cache
def datasets_brought(city: str) -> tuple[str, ...]:
    """Slugs of the city's catalogue that are made of accepted items."""
    files = read_city_catalogue(city_folder(city))
    datasets = (each for file in files for register in file.register_ for each in register.dataset)
    return tuple(each.slug for each in datasets if each.slug.startswith(PREFIX))


def name_datasets() -> None:
    """Called once, at the start."""
    lies_apart(datasets_brought(settings.CITY), send_for, alone=False)


def shared_as(dataset: str) -> str:
    """The slug under which departments here know what another city calls `dataset`."""
    return f"{PREFIX}{dataset}"


def send_for(datasets: Sequence[str]) -> Read:
    """What reads these datasets of the one person whom the scope then covers."""
    rows = sent(_HELD, [KeyScope.BROUGHT.value, [slug.removeprefix(PREFIX) for slug in datasets]])

    def read() -> dict[str, Kept]:
        found: dict[str, list[Brought]] = {}
        for row in rows():
            each = _opened(row)
            found.setdefault(shared_as(each.row.dataset), []).append(each)
        return {slug: _kept(newest_of_each(items)) for slug, items in found.items()}

    return read


def _opened(row: Sequence[Any]) -> Brought:
    item = Item(**dict(zip(_COLUMNS, row, strict=False)))
    version, wrapped, withdrawn_at = row[len(_COLUMNS) :]
    under = unwrapped(item.person_id, KeyScope.BROUGHT, version=version, wrapped=bytes(wrapped))
    return brought_in(item, under=under, withdrawn_at=withdrawn_at)


def _kept(items: Sequence[Brought]) -> Kept:
    columns = tuple(dict.fromkeys(name for each in items for name in each.told.columns))
    return Kept(
        as_of=min(each.told.as_of for each in items),
        columns=columns,
        open=lambda: _body(columns, [row for each in items for row in each.rows]),
        origins=tuple(_mark(each) for each in items),
    )


def _mark(each: Brought) -> Mark:
    told = each.told
    return Mark(told.issuer, told.issuer_name.model_dump(), told.issued, each.signature, each.row.row_count)


def _body(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    values = [[row.get(name) for row in rows] for name in columns]
    return msgspec.json.encode({"columns": list(columns), "values": values})
