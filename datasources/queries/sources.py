"""A source's secrets, which of them may stay, what another source reads already, and which sources there are."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from datasources.enums import Connection
from datasources.errors import ReadElsewhere, SecretsWanted
from datasources.models import Dataset, Register, Source
from datasources.queries.brought import brought_datasets
from datasources.rules.whereabouts import has_moved
from portal.keys.seals import place, unseal_by_ring


def secrets_place(source: str) -> bytes:
    """Where a source's sealed secrets stand."""
    return place("datasources_source", "sealed_secrets", source)


def secrets_of(source: Source) -> dict[str, str]:
    """The source's secrets, opened."""
    if not source.sealed_secrets:
        return {}
    opened: dict[str, str] = json.loads(
        unseal_by_ring("sources", bytes(source.sealed_secrets), aad=secrets_place(source.slug))
    )
    return opened


def secrets_with(source: Source, written: dict[str, str], *, settings: dict[str, Any]) -> dict[str, str]:
    """All secrets of the source as it is to be, opened; SecretsWanted when it moves and some are not written anew."""
    held = secrets_of(source)
    if has_moved(source.settings, settings) and (gone := sorted(held.keys() - written.keys())):
        raise SecretsWanted(gone)
    return held | written


def read_elsewhere(source: Source, mapping: dict[str, Any]) -> ReadElsewhere | None:
    """Another source, switched on, that reads what this mapping would: two would undo each other's sheets."""
    others = Source.objects.filter(department_id=source.department_id, switched_on=True).exclude(pk=source.pk)
    for other in others:
        if both := sorted(mapping.keys() & other.mapping.keys()):
            return ReadElsewhere(other.slug, both)
    return None


@dataclass(frozen=True)
class Askable:
    """A source that is switched on, and whose it is; `live`: it is asked while a resident waits."""

    slug: str
    department: str
    live: bool


def sources_to_ask() -> list[Askable]:
    """Every source that is switched on, by slug."""
    rows = Source.objects.filter(switched_on=True).order_by("slug")
    return [Askable(*row) for row in rows.values_list("slug", "department__slug", "live")]


def registers_without_source() -> list[tuple[str, str]]:
    """(register, department) of the city's registers from which no source reads anything: a person has to look.

    Not where people bring their data themselves: all of it is here.
    """
    mappings = Source.objects.filter(switched_on=True).values_list("mapping", flat=True)
    read = brought_datasets() | {dataset for mapping in mappings for dataset in mapping}
    is_read = Dataset.objects.filter(register=OuterRef("pk"), slug__in=read)
    ours = Register.objects.filter(retired_at=None, department__retired_at=None).exclude(
        Q(connection=Connection.NOT_OURS) | Exists(is_read)
    )
    return list(ours.order_by("department__position", "position", "slug").values_list("slug", "department__slug"))
