"""A web interface, open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from datasources.connectors.rest.client import Client
from datasources.connectors.rest.pages import pages_of
from datasources.connectors.rest.parts import Missing, part
from datasources.connectors.rest.shape import Shape, settings_of, shape_of
from datasources.errors import Drifted, Garbled, MisSet
from datasources.protocol import Holding, Limits, Whole, holding

_Rows = dict[str, list[tuple[Any, ...]]]


class RestConnector(Whole):
    """`mapping` is `{dataset: {listing, search, items, paging, key, columns, ...}}`."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        self._settings = settings_of(settings, secrets)
        self._client = Client(self._settings, limits)
        self._mapping = mapping

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Page by page; an interface need not order by person, so rows are gathered first."""
        shape = shape_of(dataset, self._mapping[dataset])
        yield from self._held(shape, code=None)

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the search answers, all its pages; the identity code goes in the body."""
        shape = shape_of(dataset, self._mapping[dataset])
        if not shape.search:
            raise MisSet(f"The mapping of {dataset} names no way to ask about one person.")
        return list(self._held(shape, code=identity_code))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _held(self, shape: Shape, *, code: str | None) -> Iterator[Holding]:
        items = _Items(shape)
        for page in pages_of(self._client, shape, size=self._settings.page_size, code=code):
            items.gather(page)
        for key, its_rows in items.rows.items():
            yield holding(key, shape.selected, its_rows)


class _Items:
    """Rows by whose they are."""

    def __init__(self, shape: Shape) -> None:
        self.rows: _Rows = defaultdict(list)
        self._key = part(shape.key)
        self._columns = [(part(name), name in shape.may_lack) for name in shape.selected]

    def gather(self, page: Sequence[Any]) -> None:
        try:
            for item in page:
                key = self._key(item)
                if not isinstance(key, str | int):
                    raise Garbled("The answer of the web interface has another form than agreed.")
                self.rows[str(key)].append(tuple(self._value(item, *column) for column in self._columns))
        except Missing as gone:
            raise Drifted(f"The web interface no longer sends the field {gone}.") from None

    @staticmethod
    def _value(item: Any, find: Any, may_lack: bool) -> Any:  # noqa: FBT001 - a column is a pair
        try:
            return find(item)
        except Missing:
            if may_lack:
                return None
            raise
