"""What a register keeper decides about a source. What is new is tried before it is let in."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from datasources.catalogue.loader import secrets_of, secrets_place
from datasources.errors import MisSet
from datasources.kinds import SourcesEntry
from datasources.models import Source
from datasources.queries.trials import was_tried
from portal.keys.seals import seal_by_ring
from portal.ledger.actions import record
from portal.ledger.actor import Actor


class NotTried(MisSet):
    """What the source is to read was never tried to the end."""


@dataclass(frozen=True)
class Wishes:
    """What a source is to be. `secrets` are all it has, opened; only those that differ are told in the log, by name."""

    settings: dict[str, Any]
    secrets: dict[str, str]
    mapping: dict[str, Any]
    live: bool
    keeps_for: str
    keeps_for_ground: str
    switched_on: bool
    quiet_from: time | None = None
    quiet_until: time | None = None
    most_in_flight: int = 8


def change_source(source: Source, wishes: Wishes, *, by: Actor, at: datetime) -> list[str]:
    """Save what differs and leave an entry, within the staff's scope; the names of what differs.

    A source whose reading would change is switched off until that was tried. NotTried when it is to be switched on
    without.
    """
    changed = _differing(source, wishes)
    if wishes.secrets != secrets_of(source):
        sealed = seal_by_ring("sources", json.dumps(wishes.secrets).encode(), aad=secrets_place(source.slug))
        source.sealed_secrets = sealed
    if wishes.mapping != source.mapping:
        source.mapping_version += 1
    reads_otherwise = any(name == "keeps_for" or " " in name for name in changed)
    was_on = source.switched_on
    for name, value in vars(wishes).items():
        if name != "secrets":
            setattr(source, name, value)
    if wishes.switched_on and (reads_otherwise or not was_on) and not was_tried(source):
        if not was_on:
            raise NotTried("What the source is to read was not tried to its end.")
        source.switched_on = False
        changed.append("switched_on")
    source.save()
    if changed:
        record(
            SourcesEntry.SOURCE_CHANGED,
            by=by,
            at=at,
            department=source.department.slug,
            reference=f"source {source.slug}",
            counts={"fields": sorted(set(changed))},
        )
    return changed


def _differing(source: Source, wishes: Wishes) -> list[str]:
    settings, secrets = source.settings, secrets_of(source)
    names = [f"setting {name}" for name in _keys_that_differ(settings, wishes.settings)]
    names += [f"secret {name}" for name in _keys_that_differ(secrets, wishes.secrets)]
    names += [f"mapping {name}" for name in _keys_that_differ(source.mapping, wishes.mapping)]
    plain = [each for each in vars(wishes) if each not in ("settings", "secrets", "mapping")]
    return names + [name for name in plain if getattr(source, name) != getattr(wishes, name)]


def _keys_that_differ(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
