"""Datasets that no register gives: what people brought themselves, made when it is asked for, and kept by nobody else.

Whoever keeps it names its datasets here at the start (`lies_apart`); whoever shows or hands over a sheet asks here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from datasources.enums import Signature
from portal.i18n.languages import language_now


@dataclass(frozen=True)
class Origin:
    """Who issued the next `records` of the body's rows, and when: said wherever the rows are shown or handed over."""

    issuer: str
    issuer_name: Mapping[str, str]
    issued_at: datetime
    signature: Signature
    records: int

    @property
    def name(self) -> str:
        """The issuer's, in the language in force."""
        return self.issuer_name.get(language_now(), self.issuer)


@dataclass(frozen=True)
class Kept:
    """One dataset of one person, unopened. `open()`: a holding's body, whose columns are called as the fields are."""

    as_of: datetime
    columns: tuple[str, ...]
    open: Callable[[], bytes] = field(repr=False)
    origins: tuple[Origin, ...] = ()

    @property
    def mapping(self) -> Mapping[str, Mapping[str, str]]:
        """As a source's mapping tells which column each field is."""
        return {"columns": {name: name for name in self.columns}}


Read = Callable[[], dict[str, Kept]]
Send = Callable[[Sequence[str]], Read]
_ways: dict[str, Send] = {}
_alone: set[str] = set()


def lies_apart(datasets: Collection[str], send: Send, *, alone: bool) -> None:
    """From now on `send` reads these: {dataset: kept} of the one person whom the database scope covers.

    `alone`: they are nobody's but the person's own, so that whoever acts for them does not hear of them.
    """
    _ways.update(dict.fromkeys(datasets, send))
    _alone.update(datasets if alone else ())


def brought_datasets() -> frozenset[str]:
    """Slugs of all that people brought themselves."""
    return frozenset(_ways)


def brought_alone() -> frozenset[str]:
    """Those of them that nobody who acts for the person hears of."""
    return frozenset(_alone)


def brought(datasets: Collection[str]) -> Read:
    """What reads those among them that people brought; nothing is asked where none is."""
    wanted: dict[Send, list[str]] = {}
    for slug in datasets:
        if slug in _ways:
            wanted.setdefault(_ways[slug], []).append(slug)
    reads = [send(slugs) for send, slugs in wanted.items()]

    def read() -> dict[str, Kept]:
        return {slug: kept for each in reads for slug, kept in each().items()}

    return read
