"""The system check: every column of ours is named in policy.toml, and each says in our words how long it is kept."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from portal.privacy.keeping import NotAKeep, keep
from portal.privacy.words import CLASSES, ERASURES, TABLES

_FILE = Path(__file__).with_name("policy.toml")
_PARTS = frozenset({"class", "purpose", "keep", "export", "erase"})
OURS = ("portal", "consents", "datasources")
# Tables of packages that hold something about somebody.
PACKAGES = (
    "sessions.Session",
    "usersessions.UserSession",
    "socialaccount.SocialAccount",
    "mfa.Authenticator",
    "admin.LogEntry",
)


@lru_cache(maxsize=1)
def policy() -> dict[str, dict[str, dict[str, Any]]]:
    """`{model: {column: {class, purpose, keep, export, erase}}}`."""
    rows: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(_FILE.read_text())
    return rows


def our_columns() -> Iterator[tuple[str, str]]:
    """(model label, column name) of every table that our own migrations make, and of packages' that hold people."""
    for model in apps.get_models():
        ours = model.__module__.split(".")[0] in OURS and not model._meta.proxy
        if ours or model._meta.label in PACKAGES:
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                yield model._meta.label, field.name


def check_policy(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """privacy.E001: not named; E002: named but gone; E003: a part is missing; E004: a part says what is not a word of
    ours, or names no column; E005: a table has no name in plain words.
    """
    named = {(model, column) for model, columns in policy().items() for column in columns}
    there = set(our_columns())
    missing = [Error(f"{m}.{c} is not named in policy.toml.", id="privacy.E001") for m, c in sorted(there - named)]
    gone = [Error(f"{m}.{c} is in policy.toml but not a column.", id="privacy.E002") for m, c in sorted(named - there)]
    nameless = [Error(f"{m} has no words of its own.", id="privacy.E005") for m in sorted(policy().keys() - TABLES)]
    return [*missing, *gone, *nameless, *_faults()]


def _faults() -> Iterator[CheckMessage]:
    for label, columns in policy().items():
        for column, row in columns.items():
            if lacking := _PARTS - row.keys():
                yield Error(f"{label}.{column} lacks {', '.join(sorted(lacking))}.", id="privacy.E003")
            elif word := next((word for word, holds in _words(label, row) if not holds), None):
                yield Error(f"{label}.{column}: “{row[word]}” is no {word} of ours.", id="privacy.E004")


def _words(label: str, row: dict[str, Any]) -> list[tuple[str, bool]]:
    return [
        ("class", row["class"] in CLASSES),
        ("erase", row["erase"] in ERASURES),
        ("keep", says_how_long(label, row["keep"])),
    ]


def says_how_long(label: str, text: str) -> bool:
    """The words are ours, and the column that they name is there and a moment."""
    try:
        meant = keep(text)
        return not meant.column or isinstance(apps.get_model(label)._meta.get_field(meant.column), models.DateTimeField)
    except (NotAKeep, FieldDoesNotExist, LookupError):
        return False
