"""What a web interface offers: the first page of a list, and where in it the records lie."""

import re
from collections.abc import Mapping
from typing import Any

from datasources.connectors.rest.client import Answer, Client
from datasources.connectors.rest.parts import Missing, part
from datasources.errors import Drifted, MisSet
from datasources.glimpses import Glimpse, Way, glimpse_of, leaves, list_in

_SIZE = 100
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NEXT = {"next", "nextcursor", "nextpage", "nexttoken", "nextpagetoken", "nextlink", "cursor"}


def glimpse(client: Client, where: Mapping[str, Any], *, page_size: int) -> Glimpse:
    """The records of the first page, each taken apart. Drifted when there is no list of objects in the answer."""
    if not where.get("listing"):
        raise MisSet("No list is named to look at.")
    paged = where.get("paging", "cursor") != "none"
    limit = {where.get("limit_parameter") or "limit": str(min(page_size, _SIZE))} if paged else {}
    answer = client.get(where["listing"], **limit)
    found = _told_list(answer, where.get("items", "")) or list_in(answer.told)
    if found is None:
        raise Drifted("In the answer of {system} there is no list of records.", system="the web interface")
    way, items = found
    told = {"items": name_of(way) if way else "$"} | _next_in(answer)
    return glimpse_of((leaves(item, name_of) for item in items), where=told)


def name_of(way: Way) -> str:
    """A way as a mapping names it: a key, or a JSONPath when it leads deeper or the key is odd (RFC 9535)."""
    if len(way) == 1 and not way[0].startswith("$"):
        return way[0]
    return "$" + "".join(f".{step}" if _PLAIN.fullmatch(step) else f"[{_quoted(step)}]" for step in way)


def _quoted(step: str) -> str:
    return "'" + step.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _told_list(answer: Answer, items: str) -> tuple[Way, list[Any]] | None:
    """Where the mapping says the list is, if that is so: an empty list is one as well."""
    try:
        found = part(items)(answer.told) if items and not items.startswith("$") else None
    except Missing:
        return None
    return ((items,), found) if isinstance(found, list) and all(isinstance(each, dict) for each in found) else None


def _next_in(answer: Answer) -> dict[str, str]:
    """By what the further pages are asked for, when the answer shows it."""
    if answer.next_link:
        return {"paging": "link"}
    if not isinstance(answer.told, dict):
        return {"paging": "none"}
    ways: list[Way] = [(name,) for name in answer.told]
    ways += [(name, inner) for name, deeper in answer.told.items() if isinstance(deeper, dict) for inner in deeper]
    named = (way for way in ways if way[-1].replace("_", "").casefold() in _NEXT)
    return next(({"paging": "cursor", "next": name_of(way)} for way in named), {})
