"""A web interface, open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from datasources.connectors.rest.client import Client
from datasources.connectors.rest.shape import Shape, settings_of, shape_of
from datasources.errors import Drifted, Garbled, MisSet
from datasources.protocol import Holding, Limits, Whole, holding

_MOST_PAGES = 100_000
_Rows = dict[str, list[tuple[Any, ...]]]


class RestConnector(Whole):
    """`mapping` is `{dataset: {listing, search, items, next, key, columns}}`."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        told = settings_of(settings, secrets)
        self._limit = str(told.page_size)
        self._client = Client(told, limits)
        self._mapping = mapping

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Page by page; an interface need not order by person, so rows are gathered first."""
        shape = shape_of(dataset, self._mapping[dataset])
        rows: _Rows = defaultdict(list)
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            query = {"limit": self._limit} | ({"cursor": cursor} if cursor else {})
            page = self._client.get(shape.listing, **query)
            _gather(page, shape, rows)
            before, cursor = cursor, page.get(shape.next)
            if not cursor:
                break
            if cursor == before:
                raise Garbled("The web interface sends the same page again and again.")
        for key, its_rows in rows.items():
            yield holding(key, shape.selected, its_rows)

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the search answers; the identity code goes in the body."""
        shape = shape_of(dataset, self._mapping[dataset])
        if not shape.search:
            raise MisSet(f"The mapping of {dataset} names no way to ask about one person.")
        rows: _Rows = defaultdict(list)
        _gather(self._client.post(shape.search, {shape.key: identity_code}), shape, rows)
        return [holding(key, shape.selected, its_rows) for key, its_rows in rows.items()]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _gather(page: dict[str, Any], shape: Shape, rows: _Rows) -> None:
    items = page.get(shape.items)
    if not isinstance(items, list):
        raise Drifted(f"The answer of the web interface has no list named {shape.items}.")
    try:
        for item in items:
            rows[str(item[shape.key])].append(tuple(item[name] for name in shape.selected))
    except KeyError as gone:
        raise Drifted(f"The web interface no longer sends the field {gone.args[0]}.") from None
    except TypeError:
        raise Garbled("The answer of the web interface has another form than agreed.") from None
