"""What the last looks at a system found, for whoever maps it; within the staff's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datasources.models import LOOKS, Dataset, MappingVersion, Source, Trial, TrialKind, TrialState

MOST_SHOWN = 60
_NAMED = ("table", "file", "listing")
_PLACE = {"joins", "key", "search", "search_key", "paging", "since_parameter", "format", "encoding", "delimiter"}
_PLACE |= {"sheet", "rows", *_NAMED}

Item = dict[str, Any]


def source_slugs() -> list[str]:
    """Of every source there is, by name."""
    return list(Source.objects.order_by("slug").values_list("slug", flat=True))


def told_by(source: str) -> tuple[str, list[str]]:
    """(department, datasets that it is mapped to) of a source, by slug; none of a source that is not there."""
    row = Source.objects.filter(slug=source).select_related("department").first()
    return (row.department.slug, sorted(row.mapping)) if row else ("", [])


def datasets_of(source: Source) -> list[Dataset]:
    """What the department's catalogue describes, in its order."""
    shown = Dataset.objects.filter(register__department=source.department_id, retired_at=None)
    return list(shown.select_related("register").order_by("register__position", "position"))


def running_look(source: Source) -> Trial | None:
    """Whatever is under way with this source: one thing at a time."""
    return source.trials.filter(state=TrialState.RUNNING).first()


def last_look(source: Source, dataset: str = "") -> Trial | None:
    """The last one that ended, well or not: at the places, or at the fields for a dataset."""
    looks = source.trials.filter(kind__in=LOOKS).exclude(state=TrialState.RUNNING)
    if dataset:
        return looks.filter(kind=TrialKind.GLIMPSE, asked_for__dataset=dataset).first()
    return looks.filter(kind=TrialKind.PLACES).first()


def places_of(source: Source) -> list[Item]:
    """Tables or files as the last look that ended well told them: `{name, parts, links}`."""
    looks = source.trials.filter(kind=TrialKind.PLACES, state=TrialState.DONE)
    return list(found.report) if (found := looks.first()) else []


@dataclass(frozen=True)
class Found:
    """Where a dataset lies (in the words of a mapping), what the last look at it found, and what is mapped there now.

    `part` is empty when nothing is, or when what is mapped lies somewhere else.
    """

    where: Item
    seen: Item | None
    part: Item


def found_for(source: Source, dataset: str) -> Found:
    """As the last look that ended well told it; a mapping that was saved after that, and lies elsewhere, says more."""
    part = source.mapping.get(dataset, {})
    looks = source.trials.filter(kind=TrialKind.GLIMPSE, state=TrialState.DONE, asked_for__dataset=dataset)
    look = looks.first()
    if look is None or not look.report:
        return Found(_place_of(part), None, part)
    asked = {name: told for name, told in look.asked_for.items() if name != "dataset"}
    if _is_same(asked, part):
        saved = source.versions.filter(kept_at__gt=look.asked_at).exists()
        return Found(_place_of(part) if saved else asked, look.report[0], part)
    saved_elsewhere = bool(part) and source.versions.filter(kept_at__gt=look.asked_at).exists()
    return Found(_place_of(part), None, part) if saved_elsewhere else Found(asked, look.report[0], {})


def _place_of(part: Item) -> Item:
    return {name: told for name, told in part.items() if name in _PLACE and told}


def _is_same(asked: Item, part: Item) -> bool:
    """The same table, file or list."""
    return bool(part) and all(asked.get(name, "") == part.get(name, "") for name in _NAMED)


def matching(places: Sequence[Item], asked: str) -> list[Item]:
    """Those whose name, or the name of a part, has these letters in it; all without any. Names before parts."""
    letters = asked.strip().casefold()
    by_name = [place for place in places if letters in place["name"].casefold()]
    by_part = [
        place
        for place in places
        if place not in by_name and any(letters in name.rpartition(".")[2].casefold() for name, _kind in place["parts"])
    ]
    return by_name + by_part


def versions_of(source: Source) -> list[MappingVersion]:
    """The mappings that were, the newest first."""
    return list(source.versions.all()[:MOST_SHOWN])
