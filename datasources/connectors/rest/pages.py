"""From page to page: by cursor, offset or link, to the end and no further."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from datasources.connectors.rest.client import Answer, Client
from datasources.connectors.rest.codes import LIKE_A_CODE
from datasources.connectors.rest.parts import Missing, part
from datasources.connectors.rest.seen import Pages, pages_in
from datasources.connectors.rest.shape import Shape
from datasources.errors import Drifted, Garbled

_MOST_PAGES = 100_000
_Where = dict[str, str]


@dataclass
class Reading:
    """One reading of a listing: what its pages said, and when the first was sent, by the system's clock.

    `first`: the first page, when it is there already. `query`: what is asked for with each page.
    """

    first: Answer | None = None
    query: _Where = field(default_factory=dict)
    pages: Pages = field(default_factory=Pages)
    began: str = ""

    def take_first(self) -> Answer | None:
        """That page, once."""
        answer, self.first = self.first, None
        return answer

    def note(self, query: _Where, answer: Answer) -> None:
        """The next page was read."""
        self.began = self.began or answer.sent
        self.pages.add(query, answer.said)

    @property
    def reached(self) -> str:
        """The moment when it began, by the system's clock; empty when the system tells no time."""
        try:
            return parsedate_to_datetime(self.began).astimezone(UTC).isoformat(sep=" ")
        except (ValueError, TypeError):
            return ""


def same_still(client: Client, shape: Shape, seen: str) -> Reading | None:
    """None when every page is as it was; else a reading that begins with the first page, if that came."""
    pages = pages_in(seen)
    for number, page in enumerate(pages):
        answer = client.changed(shape.listing, page.said, **page.query)
        if answer is not None:
            return Reading(first=None if number else answer)
    return None if pages else Reading()


def pages_of(
    client: Client, shape: Shape, *, size: int, code: str | None, reading: Reading | None = None
) -> Iterator[Sequence[Any]]:
    """The items of each page of the listing, or of the search when there is a `code`.

    Garbled when a page comes again, or when there is no end to them: a list that ends early would look like a removal.
    """
    paged = {} if shape.paging == "none" else {shape.limit_parameter: str(size)}
    paged |= reading.query if reading else {}
    where: _Where | None = {}
    told: set[tuple[tuple[str, str], ...]] = set()
    read, before = 0, None
    for _ in range(_MOST_PAGES):
        if where is None:
            return
        if tuple(sorted(where.items())) in told:
            raise Garbled("The web interface sends the same page again and again.")
        told.add(tuple(sorted(where.items())))
        answer = (reading and reading.take_first()) or _asked(client, shape, paged | where, code)
        if reading:
            reading.note(paged | where, answer)
        items = _items(answer.told, shape)
        if items and items == before:
            if code is not None:
                return  # a search that knows nothing of pages has said all the first time
            raise Garbled("The web interface sends the same page again and again.")
        read, before = read + len(items), items
        yield items
        first, where = where, _next(answer, shape, client, read=read, count=len(items), code=code)
        if not first and where is None and code is None and len(items) == size:
            _hold_to_its_end(client, shape, paged, size=size)
    raise Garbled("The web interface sends page after page without an end.")


def _asked(client: Client, shape: Shape, where: _Where, code: str | None) -> Answer:
    if code is None:
        if any(LIKE_A_CODE.search(value) for value in where.values()):
            raise Garbled("The web interface tells its next page by an identity code, which may stand in no address.")
        return client.get(shape.listing, **where)
    # What pages a listing may be strange to a search: only the way to a further page is told.
    further = {name: value for name, value in where.items() if name != shape.limit_parameter}
    return client.post(shape.search, {shape.asked_by: code} | further)


def _hold_to_its_end(client: Client, shape: Shape, query: _Where, *, size: int) -> None:
    """Drifted when a first page was full and told of no other one, yet there are more records than that.

    The mapping may name a `next` that the interface never sends; asked for one record more, it gives itself away.
    """
    if shape.paging not in {"cursor", "link"}:
        return
    answer = client.get(shape.listing, **(query | {shape.limit_parameter: str(size + 1)}))
    if len(_items(answer.told, shape)) > size:
        if shape.paging == "link":
            raise Drifted("The web interface has further pages, but sends no link to the next one.")
        raise Drifted(
            "The web interface has further pages, but tells no {next} by which to ask for them.", next=shape.next
        )


def _items(page: Any, shape: Shape) -> Sequence[Any]:
    try:
        items = part(shape.items)(page)
    except Missing:
        # A path with a wildcard finds nothing in an empty list; any other one finds the list itself.
        if shape.items.startswith("$") and "*" in shape.items:
            return []
        raise Drifted("The answer of the web interface has no list named {items}.", items=shape.items) from None
    if isinstance(items, list):
        return items
    if shape.items.startswith("$"):
        return [items]
    raise Drifted("The answer of the web interface has no list named {items}.", items=shape.items)


def _next(answer: Answer, shape: Shape, client: Client, *, read: int, count: int, code: str | None) -> _Where | None:
    match shape.paging:
        case "cursor":
            return _cursor(answer.told, shape)
        case "offset":
            # A page may be shorter than was asked for: only an empty one is the end.
            return {shape.offset_parameter: str(read)} if count else None
        case "link":
            return _link(answer, client, shape, code)
    return None


def _cursor(page: Any, shape: Shape) -> _Where | None:
    try:
        cursor = part(shape.next)(page)
    except Missing:
        return None
    if cursor is None or cursor == "":
        return None
    if not isinstance(cursor, str | int) or isinstance(cursor, bool):
        raise Garbled("The web interface tells a next page that cannot be asked for.")
    return {shape.cursor_parameter: str(cursor)}


def _link(answer: Answer, client: Client, shape: Shape, code: str | None) -> _Where | None:
    """The query of the link to the next page (RFC 8288), which must lead to the same list."""
    if not answer.next_link:
        return None
    if code is not None:
        raise Garbled("The web interface answers a search in pages by link, which cannot be followed.")
    here, there = urlsplit(client.address_of(shape.listing)), urlsplit(client.joined(shape.listing, answer.next_link))
    if (here.scheme, here.netloc, here.path) != (there.scheme, there.netloc, there.path):
        raise Garbled("The web interface links to a next page somewhere else. It was not followed.")
    return dict(parse_qsl(there.query, keep_blank_values=True))
