"""What this city says of itself in a package it makes, and what it holds a package against that is brought to it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.conf import settings

from datasources.transfers.package.shape import LONGEST_LIFE, Head, PersonDigest
from datasources.transfers.package.verifying import Expected, Verified, verify
from datasources.transfers.trust.cities import trusted_city
from datasources.transfers.trust.keysets import key_of
from portal.cities import city


def head_for(
    identity_code: str,
    *,
    at: datetime,
    audience: str | None = None,
    lives: timedelta = LONGEST_LIFE,
    rulebooks: Mapping[str, str] | None = None,
) -> Head:
    """The head of a package of this city about whoever has this identity code; `audience`: the receiving city's slug.

    `rulebooks`: {city: version}, of this city and, where it is known, of the receiving one.
    """
    facts, receiver = city(), trusted_city(audience) if audience else None
    return Head(
        city=facts.slug,
        city_name=facts.name,
        url=settings.PUBLIC_URL,
        issued=at,
        expires=at + lives,
        person=PersonDigest.of(identity_code),
        audience=audience,
        rulebooks=rulebooks or {},
        audience_name=receiver.name if receiver else None,
    )


def verify_brought(file: IO[bytes], identity_code: str, *, seen: Callable[[Head], bool], at: datetime) -> Verified:
    """A package brought to this city by whoever has this identity code, against the keys of trusted cities. Refused.

    Outside every scope: the issuing city may be asked for its keys. Nothing is written but those.
    """
    expected = Expected(identity_code, city().slug, at, seen)
    return verify(file, partial(key_of, at=at), expected)
