"""What the portal keeps and for how long, by class of data, as the public page tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.privacy.checks import policy
from portal.privacy.words import CLASSES, ERASURES, TABLES, keep_words


@dataclass(frozen=True)
class TableTold:
    """One table's columns of one class: `keeps` and `erasures` are the different answers of these columns."""

    name: str
    columns: tuple[str, ...]
    keeps: tuple[str, ...]
    erasures: tuple[str, ...]
    in_own_copy: bool


@dataclass(frozen=True)
class ClassTold:
    """One class of data."""

    slug: str
    name: str
    why: str
    keeps: tuple[str, ...]
    tables: tuple[TableTold, ...]


def classes_told() -> list[ClassTold]:
    """Every class that any column has, in the language of now."""
    found = []
    for slug, words in CLASSES.items():
        tables = tuple(filter(None, (_table(label, slug) for label in TABLES)))
        if tables:
            keeps = _different(keep for table in tables for keep in table.keeps)
            found.append(ClassTold(slug.replace(" ", "-"), str(words.name), str(words.why), keeps, tables))
    return found


def _table(label: str, slug: str) -> TableTold | None:
    columns: dict[str, dict[str, Any]] = {name: row for name, row in policy()[label].items() if row["class"] == slug}
    if not columns:
        return None
    return TableTold(
        name=str(TABLES[label]),
        columns=tuple(columns),
        keeps=_different(keep_words(row["keep"]) for row in columns.values()),
        erasures=_different(str(ERASURES[row["erase"]]) for row in columns.values()),
        in_own_copy=any(row["export"] for row in columns.values()),
    )


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
