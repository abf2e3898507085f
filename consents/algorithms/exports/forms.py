"""Which forms there are, each as JSON by its schema and as a table."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from consents.algorithms.exports.atrs import atrs
from consents.algorithms.exports.eurocities import eurocities
from consents.algorithms.exports.headings import headings, rights_assessment
from consents.algorithms.exports.own import own, own_flat
from consents.algorithms.reading import Entry

Writer = Callable[..., dict[str, Any]]
OWN = "own"
FORMS: Mapping[str, Writer] = {
    OWN: own,
    "eurocities": eurocities,
    "atrs": atrs,
    "ai-register": headings,
    "fria": rights_assessment,
}
_SCHEMAS = Path(__file__).with_name("schemas")


def as_json(entries: Iterable[Entry], form: str, *, language: str, base: str) -> list[dict[str, Any]]:
    """Each entry in the form."""
    return [FORMS[form](entry, language=language, base=base) for entry in entries]


def as_rows(entries: Iterable[Entry], form: str, *, language: str, base: str) -> list[list[str]]:
    """A table: the names of the columns, then a row an entry; what lies deeper has its names with points between."""
    write = own_flat if form == OWN else FORMS[form]
    flat = [dict(_flat(write(entry, language=language, base=base))) for entry in entries]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return [names, *([row.get(name, "") for name in names] for row in flat)]


def _flat(told: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield f"{before}{name}", "; ".join(_cell(each) for each in value)
        else:
            yield f"{before}{name}", _cell(value)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


@lru_cache(maxsize=len(FORMS))
def schema_of(form: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one entry in the form."""
    schema: dict[str, Any] = json.loads((_SCHEMAS / f"{form}.json").read_text())
    return schema
