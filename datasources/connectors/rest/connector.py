"""A web interface, open."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from datasources.connectors.rest import offering
from datasources.connectors.rest.client import Client
from datasources.connectors.rest.pages import Reading, pages_of, same_still
from datasources.connectors.rest.parts import Missing, part
from datasources.connectors.rest.shape import Shape, settings_of, shape_of
from datasources.errors import Drifted, Garbled, MisSet, Same
from datasources.glimpses import Glimpse, Place
from datasources.protocol import Holding, Limits, Mark, Whole, holding

_PAGES_LOOKED_AT = 5
_Rows = dict[str, list[tuple[Any, ...]]]


class RestConnector(Whole):
    """`mapping` is `{dataset: {listing, search, items, paging, key, columns, ...}}`."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        self._settings = settings_of(settings, secrets)
        self._client = Client(self._settings, limits)
        self._mapping = mapping
        self._marks: dict[str, Mark] = {}

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Page by page; an interface need not order by person, so rows are gathered first."""
        yield from self._read(dataset, Reading())

    @contextmanager
    def parts(self, dataset: str, *, since: str | None = None, seen: str = "") -> Iterator[Sequence[Iterator[Holding]]]:
        """In one part."""
        if since is not None:
            yield [self._changed(dataset, since)]
        else:
            yield [self._if_changed(dataset, seen) if seen else self.everyone(dataset)]

    def mark(self, dataset: str) -> Mark:
        """By the ETag, or the time of change, of each page; and how late it was there, when it lists changes."""
        return self._marks.get(dataset, Mark())

    def finds_one(self, dataset: str) -> bool:
        """When the mapping names a search."""
        return bool(self._mapping[dataset].get("search"))

    def look(self, dataset: str, *, people: int) -> Iterator[Holding]:
        """The first pages, until there are enough people."""
        shape = shape_of(dataset, self._mapping[dataset])
        items = _Items(shape)
        pages = pages_of(self._client, shape, size=self._settings.page_size, code=None)
        for page in islice(pages, _PAGES_LOOKED_AT):
            items.gather(page)
            if len(items.rows) > people:
                break
        for key, its_rows in islice(items.rows.items(), people):
            yield holding(key, shape.selected, its_rows)

    def _changed(self, dataset: str, since: str) -> Iterator[Holding]:
        """Whose records changed; what they have now is asked of those alone who are known here."""
        shape = shape_of(dataset, self._mapping[dataset])
        reading = Reading(query={shape.since_parameter: _as_told(since)})
        self._marks.pop(dataset, None)
        codes: dict[str, None] = {}
        for page in pages_of(self._client, shape, size=self._settings.page_size, code=None, reading=reading):
            codes |= dict.fromkeys(_Items(shape).keys(page))
        for code in codes:
            yield Holding(code, b"", 0, whole=False)
        self._marks[dataset] = Mark(reached=reading.reached)

    def _if_changed(self, dataset: str, seen: str) -> Iterator[Holding]:
        reading = same_still(self._client, shape_of(dataset, self._mapping[dataset]), seen)
        if reading is None:
            raise Same("Nothing has changed since the last reading, says the web interface.")
        yield from self._read(dataset, reading)

    def _read(self, dataset: str, reading: Reading) -> Iterator[Holding]:
        self._marks.pop(dataset, None)
        shape = shape_of(dataset, self._mapping[dataset])
        yield from self._held(shape, code=None, reading=reading)
        self._marks[dataset] = Mark(reached=reading.reached if shape.since_parameter else "", seen=reading.pages.told)

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the search answers, all its pages; the identity code goes in the body."""
        shape = shape_of(dataset, self._mapping[dataset])
        if not shape.search:
            raise MisSet("The mapping of {dataset} names no way to ask about one person.", dataset=dataset)
        return list(self._held(shape, code=identity_code))

    def can_erase(self, datasets: Collection[str]) -> bool:
        """All that the interface holds, or nothing."""
        return bool(self._settings.erase_path) and set(self._mapping) <= set(datasets)

    def rehearse_erasure(self, datasets: Collection[str], identity_code: str) -> int | None:
        """Where the interface has a rehearsal; else nobody can tell beforehand."""
        if not self._settings.rehearse_path:
            return None
        return self._client.erase("POST", self._settings.rehearse_path, self._body(identity_code))

    def erase_records(self, datasets: Collection[str], identity_code: str, *, reference: str) -> int | None:
        """The reference is the Idempotency-Key: a call that broke off is made again, and has one effect."""
        settings = self._settings
        body = self._body(identity_code)
        return self._client.erase(settings.erase_method, settings.erase_path, body, reference=reference)

    def _body(self, identity_code: str) -> dict[str, str]:
        return {self._settings.erase_key: identity_code}

    def places(self) -> Iterator[Place]:
        """An interface does not tell what lists it has."""
        return iter(())

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """The first page of a list."""
        return offering.glimpse(self._client, where, page_size=self._settings.page_size)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _held(self, shape: Shape, *, code: str | None, reading: Reading | None = None) -> Iterator[Holding]:
        items = _Items(shape)
        for page in pages_of(self._client, shape, size=self._settings.page_size, code=code, reading=reading):
            items.gather(page)
        for key, its_rows in items.rows.items():
            yield holding(key, shape.selected, its_rows)


def _as_told(since: str) -> str:
    """RFC 3339, in UTC."""
    return datetime.fromisoformat(since).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Items:
    """Rows by whose they are."""

    def __init__(self, shape: Shape) -> None:
        self.rows: _Rows = defaultdict(list)
        self._key = part(shape.key)
        self._columns = [(part(name), name in shape.may_lack) for name in shape.selected]

    def gather(self, page: Sequence[Any]) -> None:
        try:
            for item in page:
                self.rows[self._whose(item)].append(tuple(self._value(item, *column) for column in self._columns))
        except Missing as gone:
            raise Drifted("The web interface no longer sends the field {field}.", field=gone) from None

    def keys(self, page: Sequence[Any]) -> list[str]:
        """Whose the items are, whatever else they have."""
        try:
            return [self._whose(item) for item in page]
        except Missing as gone:
            raise Drifted("The web interface no longer sends the field {field}.", field=gone) from None

    def _whose(self, item: Any) -> str:
        key = self._key(item)
        if not isinstance(key, str | int):
            raise Garbled("The answer of the web interface has another form than agreed.")
        return str(key)

    @staticmethod
    def _value(item: Any, find: Any, may_lack: bool) -> Any:  # noqa: FBT001 - a column is a pair
        try:
            return find(item)
        except Missing:
            if may_lack:
                return None
            raise
