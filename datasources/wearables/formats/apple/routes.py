"""Routes stand in files of their own beside the export, which tells what measured each."""

from collections.abc import Callable, Mapping
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.formats.apple.sources import named
from datasources.wearables.points import Device


def elements_of_routes(collector: Collector) -> Mapping[str, Callable[[Any], None]]:
    """What is called with the attributes of each `WorkoutRoute`, and of the `FileReference` within it."""
    last: list[tuple[str, Device]] = [("", Device.OTHER)]

    def route(attributes: Any) -> None:
        last[0] = named(attributes.get("sourceName", ""), attributes.get("device", ""))

    def file(attributes: Any) -> None:
        collector.routes.named(attributes.get("path", ""), *last[0])

    return {"WorkoutRoute": route, "FileReference": file}
