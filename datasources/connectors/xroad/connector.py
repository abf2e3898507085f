"""An X-Road service, open."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from datasources.connectors.xroad import offering
from datasources.connectors.xroad.client import Client
from datasources.connectors.xroad.shape import Shape, settings_of, shape_of
from datasources.errors import Drifted, Garbled, MisSet
from datasources.glimpses import Glimpse, Place
from datasources.protocol import Holding, Limits, Whole, holding

_MOST_PAGES = 100_000
_PAGES_LOOKED_AT = 5
_Rows = dict[str, list[tuple[Any, ...]]]


class XRoadConnector(Whole):
    """`mapping` is `{dataset: {listing, search, items, next, key, columns}}`, paths below the service."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        told = settings_of(settings, secrets)
        self._limit = str(told.page_size)
        self._client = Client(told, limits)
        self._mapping = mapping

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Page by page; a service need not order by person, so rows are gathered first."""
        shape = shape_of(dataset, self._mapping[dataset])
        rows: _Rows = defaultdict(list)
        for page in self._pages(shape):
            _gather(page, shape, rows)
        for key, its_rows in rows.items():
            yield holding(key, shape.selected, its_rows)

    def look(self, dataset: str, *, people: int) -> Iterator[Holding]:
        """The first pages, until there are enough people."""
        shape = shape_of(dataset, self._mapping[dataset])
        rows: _Rows = defaultdict(list)
        for page in islice(self._pages(shape), _PAGES_LOOKED_AT):
            _gather(page, shape, rows)
            if len(rows) > people:
                break
        for key, its_rows in islice(rows.items(), people):
            yield holding(key, shape.selected, its_rows)

    def _pages(self, shape: Shape) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            query = {"limit": self._limit} | ({"cursor": cursor} if cursor else {})
            page = self._client.get(shape.listing, **query)
            yield page
            before, cursor = cursor, page.get(shape.next)
            if not cursor:
                return
            if cursor == before or not isinstance(cursor, str):
                raise Garbled("The service behind X-Road sends the same page again and again, or no next one.")

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the search answers; the identity code goes in the body."""
        shape = shape_of(dataset, self._mapping[dataset])
        if not shape.search:
            raise MisSet("The mapping of {dataset} names no way to ask about one person.", dataset=dataset)
        rows: _Rows = defaultdict(list)
        _gather(self._client.post(shape.search, {shape.key: identity_code}), shape, rows)
        return [holding(key, shape.selected, its_rows) for key, its_rows in rows.items()]

    def places(self) -> Iterator[Place]:
        """A service does not tell what lists it has."""
        return iter(())

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """The first page of a list."""
        return offering.glimpse(self._client, where, page_size=int(self._limit))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _gather(page: dict[str, Any], shape: Shape, rows: _Rows) -> None:
    items = page.get(shape.items)
    if not isinstance(items, list):
        raise Drifted("The answer of the service behind X-Road has no list named {items}.", items=shape.items)
    try:
        for item in items:
            rows[str(item[shape.key])].append(tuple(_plain(item[name]) for name in shape.selected))
    except KeyError as gone:
        raise Drifted("The service behind X-Road no longer sends the field {field}.", field=gone.args[0]) from None
    except TypeError:
        raise Garbled("The answer of the service behind X-Road has another form than agreed.") from None


def _plain(value: Any) -> Any:
    """Without NUL, which neither a page nor a database can hold."""
    return value.replace("\0", "") if isinstance(value, str) else value
