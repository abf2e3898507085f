"""Taking an answer apart: by a key, or by a JSONPath (RFC 9535)."""

from collections.abc import Callable
from typing import Any

import jsonpath

from datasources.errors import Garbled


class Missing(Exception):
    """The part is not there; the message is its name in the mapping."""


def part(name: str) -> Callable[[Any], Any]:
    """What finds this part of a JSON value; Missing when it is not there, Garbled when the value is no object."""
    return _by_path(name) if name.startswith("$") else _by_key(name)


def _by_key(name: str) -> Callable[[Any], Any]:
    def find(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Garbled("The answer of the web interface has another form than agreed.")
        if name not in value:
            raise Missing(name)
        return value[name]

    return find


def _by_path(name: str) -> Callable[[Any], Any]:
    path = jsonpath.compile(name)

    def find(value: Any) -> Any:
        if not isinstance(value, dict | list):
            raise Garbled("The answer of the web interface has another form than agreed.")
        try:
            found = path.findall(value)
        except (jsonpath.JSONPathError, RecursionError):
            raise Garbled("The answer of the web interface cannot be read by {path}.", path=name) from None
        if not found:
            raise Missing(name)
        return found[0] if len(found) == 1 else found

    return find
