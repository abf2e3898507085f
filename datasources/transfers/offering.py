"""Which single facts a city offers: a small table of its catalogue, `facts/facts.toml` in the city's folder."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from datasources.transfers.package.sd_jwt import make
from datasources.transfers.package.shape import NAME, Fact, Head, Item, Row
from datasources.transfers.package.signatures import SigningKey
from portal.cities import Text, city, city_folder

Slug = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]


class OfferFault(Exception):
    """The table of facts cannot be read; the message names the file and the place."""


class Offered(BaseModel):
    """One kind of fact: the fields of a dataset's row that it is made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    dataset: Slug
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    title: Text


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: tuple[Offered, ...] = ()


@lru_cache(maxsize=4)
def read_offers(path: Path) -> tuple[Offered, ...]:
    """The table at `path`; nothing is offered where there is none. OfferFault."""
    if not path.is_file():
        return ()
    try:
        return _Table.model_validate(tomllib.loads(path.read_text())).fact
    except tomllib.TOMLDecodeError as fault:
        raise OfferFault(f"{path}: {fault}") from None
    except ValidationError as fault:
        lines = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors()]
        raise OfferFault(f"{path}: {'; '.join(lines[:5])}") from None


def offers() -> tuple[Offered, ...]:
    """What this portal's city offers."""
    return read_offers(city_folder(city().slug) / "facts" / "facts.toml")


def facts_of(
    item: Item, head: Head, *, key: SigningKey, about: Mapping[str, str] | None = None, kinds: Sequence[Offered]
) -> Iterator[Fact]:
    """The facts that an item's rows allow, one a row, as long-lived as the package. A row without any field gives none.

    `about`: what else can be shown, by which the holder is known: given_name, family_name, birthdate.
    """
    for kind in kinds:
        if kind.dataset != item.dataset:
            continue
        for number, row in enumerate(item.rows, start=1):
            claims = _claims(kind, row)
            if claims:
                told = {**claims, **(about or {})}
                times = {"at": head.issued, "expires": head.expires}
                sd_jwt = make(kind.slug, told, issuer=head.url, key=key, **times)
                yield Fact(f"{kind.slug}-{number}", kind.title, sd_jwt)


def _claims(kind: Offered, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in kind.fields if row.get(name) is not None}
