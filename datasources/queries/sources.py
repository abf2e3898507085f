"""A source's secrets, which of them may stay, and what another source reads already."""

import json
from typing import Any

from datasources.errors import ReadElsewhere, SecretsWanted
from datasources.models import Source
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
