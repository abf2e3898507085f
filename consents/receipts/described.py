"""What a receipt tells about the data: names, sensitivity and registers, in three languages, in one query."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from consents.models import PurposeText
from portal.walls import sent

Names = Mapping[str, str]


@dataclass(frozen=True)
class AskedData:
    """One dataset that a text asks for; `fields` are `{slug: names}`, each needed or optional."""

    slug: str
    name: Names
    sensitivity: str
    register: Mapping[str, Any]
    fields: Mapping[str, Names]
    needed: tuple[str, ...]
    optional: tuple[str, ...]


def _three(column: str) -> str:
    return (
        "jsonb_build_object("
        + ", ".join(f"'{code}', coalesce({column}_{code}, '')" for code in ("fi", "sv", "en"))
        + ")"
    )


_ASKED = f"""
SELECT s.slug, {_three("s.name")}, s.sensitivity,
       jsonb_build_object('id', r.slug, 'name', {_three("r.name")}, 'controllers', {_three("r.controllers")},
                          'origin', {_three("r.origin")}, 'retention', {_three("r.retention")}),
       (SELECT jsonb_object_agg(f.slug, {_three("f.label")}) FROM datasources_field f WHERE f.dataset_id = s.id),
       pd.needed, pd.optional
FROM datasources_dataset s
JOIN datasources_register r ON r.id = s.register_id
LEFT JOIN consents_purposedataset pd ON pd.dataset_id = s.id AND pd.purpose_id = %s
WHERE s.slug = ANY (%s) OR (%s AND pd.id IS NOT NULL)
ORDER BY s.slug
"""  # noqa: S608


def asked_data(text: PurposeText) -> Callable[[], list[AskedData]]:
    """What reads the data that this version of the text asks for, by dataset."""
    scope: Mapping[str, Mapping[str, list[str]]] = text.scope or {}
    rows = sent(_ASKED, [text.purpose_id, list(scope), text.scope is None])
    return lambda: [_asked(row, scope.get(row[0])) for row in rows()]


def _asked(row: tuple[Any, ...], asked: Mapping[str, list[str]] | None) -> AskedData:
    slug, name, sensitivity, register, fields, needed, optional = row
    if asked is not None:
        needed, optional = asked.get("needed", []), asked.get("optional", [])
    labels = _json(fields) or {}
    return AskedData(
        slug, _json(name), sensitivity, _json(register), labels, tuple(needed or ()), tuple(optional or ())
    )


def _json(value: Any) -> Any:
    """Django's connection hands jsonb over as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value
