"""What a service behind X-Road offers: the first page of a list."""

from collections.abc import Mapping
from typing import Any

from datasources.connectors.xroad.client import Client
from datasources.errors import Drifted, MisSet
from datasources.glimpses import Glimpse, glimpse_of

_SIZE = 100


def glimpse(client: Client, where: Mapping[str, Any], *, page_size: int) -> Glimpse:
    """The records of the first page; only what stands right in a record can be mapped."""
    if not where.get("listing"):
        raise MisSet("No list is named to look at.")
    page = client.get(where["listing"], limit=str(min(page_size, _SIZE)))
    lists = {name: told for name, told in page.items() if isinstance(told, list)}
    objects = (name for name, told in lists.items() if told and all(isinstance(item, dict) for item in told))
    items = where.get("items", "") if where.get("items", "") in lists else next(objects, "")
    if not items:
        raise Drifted("In the answer of {system} there is no list of records.", system="the service behind X-Road")
    following = next(
        (name for name in page if name.replace("_", "").casefold() in {"next", "nextcursor", "cursor"}), ""
    )
    return glimpse_of(lists[items], where={"items": items} | ({"next": following} if following else {}))
