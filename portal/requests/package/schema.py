"""The JSON Schema (2020-12) of a package's files."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

SCHEMA = "/schemas/package-1.json"


def published(base: str) -> dict[str, Any]:
    """The schema as it is served from this portal."""
    return {**_schema(), "$id": f"{base}{SCHEMA}"}


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("package-1.json").read_text())
    return schema
