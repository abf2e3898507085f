"""Which version of the rulebook another city says that it keeps: where every portal publishes it, `/rulebook.json`."""

import msgspec

from datasources.transfers.package.shape import VERSION
from datasources.transfers.trust.cities import trusted_city
from portal.outward.fetching import NotFetched, PointsInward, fetched

_LARGEST, _PATIENCE = 256 * 1024, 3.0


class _Statement(msgspec.Struct):
    city: str
    version: str


class _Adoption(msgspec.Struct):
    statement: _Statement


class _Told(msgspec.Struct):
    adoptions: list[_Adoption]


def rulebook_of_city(slug: str) -> str | None:
    """The version that a trusted city adopted last; None where it says none, or does not answer.

    Named in packages and held against nothing: that it adopted it, it shows by its signature to whoever asks.
    """
    city = trusted_city(slug)
    if city is None:
        return None
    try:
        told = msgspec.json.decode(fetched(f"{city.url}/rulebook.json", most=_LARGEST, within=_PATIENCE), type=_Told)
    except (NotFetched, PointsInward, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    said = [each.statement for each in told.adoptions]
    if not said or said[0].city != slug or not VERSION.fullmatch(said[0].version):
        return None
    return said[0].version
