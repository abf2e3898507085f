"""The system check: every column of ours is named in policy.toml, and nothing else is."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error

_FILE = Path(__file__).with_name("policy.toml")
_PARTS = frozenset({"class", "purpose", "keep", "export", "erase"})
OURS = ("portal", "consents", "datasources")


@lru_cache(maxsize=1)
def policy() -> dict[str, dict[str, dict[str, Any]]]:
    """`{model: {column: {class, purpose, keep, export, erase}}}`; a part ending in `*` covers columns by prefix."""
    rows: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(_FILE.read_text())
    return rows


def our_columns() -> Iterator[tuple[str, str]]:
    """(model label, column name) of every table that our own migrations make."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in OURS and model._meta.managed and not model._meta.proxy:
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                yield model._meta.label, field.name


def check_policy(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """privacy.E001: not named; privacy.E002: named but gone; privacy.E003: a part is missing."""
    named = {(model, column) for model, columns in policy().items() for column in columns}
    there = set(our_columns())
    missing = [Error(f"{m}.{c} is not named in policy.toml.", id="privacy.E001") for m, c in sorted(there - named)]
    gone = [Error(f"{m}.{c} is in policy.toml but not a column.", id="privacy.E002") for m, c in sorted(named - there)]
    partial = [
        Error(f"{model}.{column} lacks {', '.join(sorted(_PARTS - row.keys()))}.", id="privacy.E003")
        for model, columns in policy().items()
        for column, row in columns.items()
        if _PARTS - row.keys()
    ]
    return [*missing, *gone, *partial]
