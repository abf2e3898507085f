"""Kinds of entries. Each app names its own by a subclass; one list for all would grow without end."""

from collections.abc import Iterator
from enum import StrEnum


class EntryKind(StrEnum):
    """Base of every app's kinds; values read `app.fact`."""


def all_kinds() -> Iterator[EntryKind]:
    """Every kind that any app has named."""
    for family in EntryKind.__subclasses__():
        yield from family
