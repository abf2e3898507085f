"""What a register keeper decides about a source. What is new is tried before it is let in."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Max

from datasources.enums import ConnectorKind
from datasources.errors import MisSet
from datasources.kinds import SourcesEntry
from datasources.models import MappingVersion, Source
from datasources.queries.sources import read_elsewhere, secrets_of, secrets_place, secrets_with
from datasources.queries.trials import was_tried
from portal.keys.seals import seal_by_ring
from portal.ledger.actions import record
from portal.ledger.actor import Actor


class NotTried(MisSet):
    """What the source is to read was never tried to the end."""


@dataclass(frozen=True)
class Wishes:
    """What a source is to be. `secrets` are those written now; the others stay, while the source stays where it is."""

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
    # Catalogue files leave what a keeper has decided, unless they give it back.
    kept_here: bool = True


def change_source(source: Source, wishes: Wishes, *, by: Actor, at: datetime) -> list[str]:
    """Save what differs and leave an entry, within the staff's scope; the names of what differs.

    A source whose reading would change is switched off until that was tried. NotTried when it is to be switched on
    without, SecretsWanted when it moves, ReadElsewhere when another source reads the same; MisSet for what its kind
    cannot do.
    """
    source = _held(source)
    if ConnectorKind(source.kind).is_only_asked and not wishes.live:
        raise MisSet("This kind of system is only asked about a person while they are here.")
    secrets = secrets_with(source, wishes.secrets, settings=wishes.settings)
    changed = _differing(source, wishes, secrets)
    if secrets != secrets_of(source):
        source.sealed_secrets = seal_by_ring("sources", json.dumps(secrets).encode(), aad=secrets_place(source.slug))
    if wishes.mapping != source.mapping:
        source.mapping_version = _keep_version(source, wishes.mapping, by=by, at=at)
    reads_otherwise = any(name == "keeps_for" or " " in name for name in changed)
    was_on = source.switched_on
    plain = [name for name in vars(wishes) if name not in ("secrets", "kept_here")]
    for name in plain:
        setattr(source, name, getattr(wishes, name))
    if changed or not wishes.kept_here:
        source.kept_here = wishes.kept_here
    if source.switched_on:
        source.switched_on = _may_be_on(source, was_on=was_on, reads_otherwise=reads_otherwise)
        changed += [] if source.switched_on else ["switched_on"]
    # Not how it is: a worker may be telling that meanwhile.
    source.save(update_fields=[*plain, "sealed_secrets", "mapping_version", "kept_here"])
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


def _keep_version(source: Source, mapping: dict[str, Any], *, by: Actor, at: datetime) -> int:
    """The number of the mapping as it is to be, which is kept; and so is what it was, when that came from a file."""
    before = {"mapping": source.mapping, "kept_at": at}
    MappingVersion.objects.get_or_create(source=source, version=source.mapping_version, defaults=before)
    last = source.versions.aggregate(last=Max("version"))["last"]
    kept = MappingVersion.objects.create(source=source, version=last + 1, mapping=mapping, kept_at=at, kept_by=by.id)
    return kept.version


def _may_be_on(source: Source, *, was_on: bool, reads_otherwise: bool) -> bool:
    """False when what was changed is to be tried first; NotTried when it never was on, ReadElsewhere."""
    if (reads_otherwise or not was_on) and not was_tried(source):
        if not was_on:
            raise NotTried("What the source is to read was not tried to its end.")
        return False
    if elsewhere := read_elsewhere(source, source.mapping):
        raise elsewhere
    return True


def _held(source: Source) -> Source:
    """As it is now, locked with all of the department's: two that are switched on at once would not see each other."""
    rows = Source.objects.select_for_update().filter(department_id=source.department_id).order_by("pk")
    return next(row for row in rows if row.pk == source.pk)


def _differing(source: Source, wishes: Wishes, secrets: dict[str, str]) -> list[str]:
    names = [f"setting {name}" for name in _keys_that_differ(source.settings, wishes.settings)]
    names += [f"secret {name}" for name in _keys_that_differ(secrets_of(source), secrets)]
    names += [f"mapping {name}" for name in _keys_that_differ(source.mapping, wishes.mapping)]
    plain = [each for each in vars(wishes) if each not in ("settings", "secrets", "mapping", "kept_here")]
    return names + [name for name in plain if getattr(source, name) != getattr(wishes, name)]


def _keys_that_differ(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
