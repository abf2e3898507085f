"""What a system offers, looked at for a mapping: tables and files by name, and of their records no more than shapes."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from datasources.errors import MisSet
from datasources.glimpses import Offers
from datasources.models import Trial, TrialKind
from datasources.protocol import Connector
from datasources.rules.offering import seen_in

_AT_ONCE = 50

Item = dict[str, Any]


def items_of(trial: Trial, connector: Connector, add: Callable[[list[Item]], None]) -> None:
    """What the system offers, or what stands in the place that the trial asks for: `add` is called as it is found.

    SourceFault. Values of people stay in this process: what is handed on is how they look.
    """
    if not isinstance(connector, Offers):
        raise MisSet("This kind of system tells nothing of what it offers.")
    if trial.kind == TrialKind.GLIMPSE:
        add([_glimpse(connector, trial.asked_for)])
        return
    found: list[Item] = []
    for place in connector.places():
        found.append(asdict(place))
        if len(found) >= _AT_ONCE:
            add(found)
            found = []
    add(found)


def _glimpse(connector: Offers, asked_for: Item) -> Item:
    glimpse = connector.glimpse(asked_for)
    key = glimpse.where.get("key", "") or str(asked_for.get("key") or "")
    seen = seen_in(glimpse.types, glimpse.records, key=key if key in glimpse.types else "")
    return {
        "where": dict(glimpse.where),
        "key": key or seen.key,
        "people": seen.people,
        "records": len(glimpse.records),
        "parts": seen.parts,
    }
