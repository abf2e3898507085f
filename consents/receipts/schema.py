"""The JSON Schema (2020-12) of a receipt's file, and whether a file is as it says."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from consents.receipts.record import SCHEMA

_FILE = Path(__file__).with_name("consent-receipt-1.json")


def published(base: str) -> dict[str, Any]:
    """The schema as it is served from this portal."""
    return {**_schema(), "$id": f"{base}{SCHEMA}"}


def is_whole(file: object) -> bool:
    """The parsed file has every member that it must have, and no other."""
    return bool(_validator().is_valid(file))


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(_FILE.read_text())
    return schema


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(_schema())
