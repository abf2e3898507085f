"""Bring catalogue files into the database: the same files twice change nothing; what left the files is retired.

What a keeper made or changed in the back office (`kept_here`) the files leave alone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Model

from datasources.catalogue.files import (
    DatasetFile,
    DepartmentFile,
    RegisterFile,
    SourceFile,
    Text,
    read_city_catalogue,
)
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Department, Field, Register, Source
from datasources.queries.sources import secrets_of, secrets_place
from portal.keys.seals import seal_by_ring
from portal.ledger.actions import record
from portal.ledger.actor import Actor


@dataclass
class Changes:
    """How many entries were new, changed, retired; and by name those left to the keepers who changed them."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    names: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    # What stood in each table before, read once: a whole city is a few hundred rows.
    standing: dict[type[Model], dict[tuple[Any, ...], Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


def _texts(**texts: Text | None) -> dict[str, str]:
    """`name=Text` becomes `name_fi`, `name_sv`, `name_en`."""
    return {
        f"{name}_{language}": getattr(text, language) if text else ""
        for name, text in texts.items()
        for language in ("fi", "sv", "en")
    }


def _standing(model: type[Model], where: dict[str, Any], changes: Changes) -> Any:
    if model not in changes.standing:
        rows = model._default_manager.all()
        changes.standing[model] = {tuple(getattr(row, name) for name in where): row for row in rows}
    return changes.standing[model].get(tuple(where.values()))


def _put(model: type[Model], where: dict[str, Any], values: dict[str, Any], changes: Changes) -> Any:
    found = _standing(model, where, changes)
    if found is None:
        changes.added += 1
        changes.names.append(str(where["slug"]))
        return model._default_manager.create(**where, **values)
    if found.kept_here:
        changes.left.append(str(where["slug"]))
        return found
    different = {name: value for name, value in values.items() if getattr(found, name) != value}
    if different:
        changes.changed += 1
        changes.names.append(str(where["slug"]))
        for name, value in different.items():
            setattr(found, name, value)
        found.save(update_fields=list(different))
    return found


def _retire(model: type[Model], kept: Iterable[Model], at: datetime, changes: Changes) -> None:
    gone = model._default_manager.filter(retired_at=None, kept_here=False).exclude(pk__in=[row.pk for row in kept])
    changes.retired += gone.update(retired_at=at)


def _dataset(file: DatasetFile, register: Register, position: int, changes: Changes) -> tuple[Dataset, list[Field]]:
    values = _texts(name=file.name, why=file.why, record_name=file.record_name) | {
        "register": register,
        "position": position,
        "sensitivity": file.sensitivity.value,
        "keep_days": file.keep_days,
        "retired_at": None,
    }
    dataset = _put(Dataset, {"slug": file.slug}, values, changes)
    fields = [
        _put(
            Field,
            {"dataset_id": dataset.pk, "slug": each.slug},
            _texts(label=each.label)
            | {
                "position": place_,
                "type": each.type.value,
                "codes": {code: text.model_dump() for code, text in each.codes.items()},
                "disclosure": each.disclosure.value,
                "about_others": each.about_others,
                "copied": each.copied,
                "retired_at": None,
            },
            changes,
        )
        for place_, each in enumerate(file.field)
    ]
    return dataset, fields


def _register(file: RegisterFile, department: Department, position: int, changes: Changes) -> Register:
    values = _texts(
        name=file.name,
        controllers=file.controllers,
        purpose=file.purpose,
        law=file.law,
        retention=file.retention,
        origin=file.origin,
        recipients=file.recipients,
        route=file.route,
    ) | {
        "department": department,
        "position": position,
        "basis": file.basis.value,
        "core_process": file.core_process.value,
        "connection": file.connection.value,
        "reports_uses_since": file.reports_uses_since,
        "retired_at": None,
    }
    return _put(Register, {"slug": file.slug}, values, changes)  # type: ignore[no-any-return]


def _department(file: DepartmentFile, changes: Changes) -> Department:
    values = _texts(name=file.name, everyday_name=file.everyday_name, description=file.description) | {
        "position": file.position,
        "retired_at": None,
        "keeper_email": file.keeper_email,
        "keeper_language": file.keeper_language,
    }
    return _put(Department, {"slug": file.slug}, values, changes)  # type: ignore[no-any-return]


def _source(file: SourceFile, department: Department, changes: Changes) -> None:
    values: dict[str, Any] = {
        "department": department,
        "kind": file.kind.value,
        "live": file.live,
        "keeps_for": file.keeps_for.value,
        "keeps_for_ground": file.keeps_for_ground,
        "mapping": {slug: mapping.model_dump() for slug, mapping in file.mapping.items()},
        "mapping_version": file.mapping_version,
    }
    _put(Source, {"slug": file.slug}, values, changes)


def _reach(source: Source, settings: dict[str, Any], secrets: dict[str, str], changes: Changes) -> None:
    before = (source.settings, source.switched_on)
    # Where it is holds for one that is kept here too; whether it is on is then its keeper's.
    source.settings, source.switched_on = settings, source.switched_on or not source.kept_here
    sealed = bool(secrets) and secrets != secrets_of(source)
    if sealed:
        source.sealed_secrets = seal_by_ring("sources", json.dumps(secrets).encode(), aad=secrets_place(source.slug))
    if sealed or (source.settings, source.switched_on) != before:
        source.save(update_fields=["settings", "switched_on", "sealed_secrets"])
        changes.changed += 1


def reach_sources(reach: dict[str, Any], changes: Changes) -> None:
    """Say where department systems are: `{source: {settings, secrets}}`, told by whoever runs the portal."""
    for source in Source.objects.filter(slug__in=reach):
        told = reach[source.slug]
        _reach(source, told.get("settings", {}), told.get("secrets", {}), changes)


def load(folder: Path, *, reach: dict[str, Any], by: Actor, at: datetime) -> Changes:
    """Load every file of `folder`, within the staff's scope. `reach`: `{source: {settings, secrets}}`."""
    changes = Changes()
    departments, registers, datasets, fields = [], [], [], []
    for file in read_city_catalogue(folder):
        department = _department(file, changes)
        departments.append(department)
        for position, register_file in enumerate(file.register_):
            register = _register(register_file, department, position, changes)
            registers.append(register)
            for number, dataset_file in enumerate(register_file.dataset):
                dataset, its_fields = _dataset(dataset_file, register, number, changes)
                datasets.append(dataset)
                fields.extend(its_fields)
        for system in file.systems:
            _source(system, department, changes)
    reach_sources(reach, changes)
    for model, kept in ((Department, departments), (Register, registers), (Dataset, datasets), (Field, fields)):
        _retire(model, kept, at, changes)
    if changes:
        counts = {"added": changes.added, "changed": changes.changed, "retired": changes.retired}
        record(SourcesEntry.CATALOGUE_CHANGED, by=by, at=at, counts=counts)
    return changes
