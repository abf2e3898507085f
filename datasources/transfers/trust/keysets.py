"""Keys of trusted cities: fetched from their published key sets, kept for all processes, asked for anew when due.

An unknown `kid` is asked for once a minute for each city, and a city that did not answer after five seconds. A set is
asked for anew when it is an hour old, so that a withdrawal is known within the hour; when the city does not answer, its
last set holds for a week.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey

from datasources.transfers.models import CityKeys, WithdrawnKey
from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.verifying import KeyFound
from datasources.transfers.trust.cities import TrustedCity, trusted_city
from portal.outward.fetching import NotFetched, PointsInward, fetched
from portal.walls import Role, scope

COOL_DOWN, FRESH_FOR, HOLDS_FOR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=7)
# A code for a token lives a minute: who was not reached is tried again within it, and longer than one try takes.
SILENT_FOR = timedelta(seconds=5)
PURPOSE = "packages"
_MOST_KEYS, _LARGEST, _PATIENCE, _LONGEST_KID = 100, 64 * 1024, 3.0, 200
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
Jwk = dict[str, Any]


class NotAKeySet(Exception):
    """What the city publishes is no key set of packages."""


def key_set_of(content: bytes) -> list[Jwk]:
    """The keys of packages in a key set (RFC 7517 §5): public, `purpose` packages, each `kid` once. NotAKeySet.

    What else the city publishes there is left alone: whoever holds its key of tokens signs no package.
    """
    try:
        keys = msgspec.json.decode(content)["keys"]
        if not isinstance(keys, list) or len(keys) > _MOST_KEYS:
            raise NotAKeySet
        ours = [_looked_at(key) for key in keys if isinstance(key, dict) and key.get("purpose") == PURPOSE]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotAKeySet from None
    if len({key["kid"] for key in ours}) < len(ours):
        raise NotAKeySet
    return ours


def _looked_at(key: Jwk) -> Jwk:
    kid, use = key["kid"], key["use"]
    if not isinstance(kid, str) or not 1 <= len(kid) <= _LONGEST_KID or _PRIVATE & key.keys():
        raise NotAKeySet
    match JWKRegistry.import_key(key), use:
        case (ECKey() as found, "sig" | "enc") if found.curve_name == "P-256":
            pass
        case (OKPKey() as found, "sig") if found.curve_name == "Ed25519":
            pass
        case _:
            raise NotAKeySet
    told = found.as_dict(private=False)
    plain = {word: told[word] for word in ("kty", "crv", "x", "y") if word in told} | {"kid": kid, "use": use}
    if "withdrawn_at" not in key:
        return plain
    if datetime.fromisoformat(key["withdrawn_at"]).tzinfo is None:
        raise NotAKeySet
    return plain | {"withdrawn_at": key["withdrawn_at"]}


def key_of(city: str, kid: str, *, at: datetime) -> KeyFound:
    """The key `kid` with which a trusted city signs packages. Refused: UNKNOWN_CITY, UNKNOWN_KEY, KEYS_UNREACHABLE.

    Opens its own scopes, and asks the city over the network where need be.
    """
    found = _keys(city, lambda keys: any(key["kid"] == kid and key["use"] == "sig" for key in keys), at=at)
    for key in found:
        if key["kid"] == kid and key["use"] == "sig":
            return KeyFound({word: key[word] for word in ("kty", "crv", "x", "y") if word in key}, _since(city, key))
    raise Refused(Reason.UNKNOWN_KEY)


def sealing_key_of(city: str, *, at: datetime) -> Jwk | None:
    """The newest key to which packages for this city are sealed; None when it publishes none. Refused as `key_of`."""
    found = [key for key in _keys(city, lambda _: True, at=at) if key["use"] == "enc" and "withdrawn_at" not in key]
    return found[-1] if found else None


def withdrawn_since(city: str, kid: str) -> datetime | None:
    """Since when a key is withdrawn, by what is known here: of something accepted long ago. Asks nobody."""
    held = _held(city)
    keys: list[Jwk] = held.keys if held else []
    return _since(city, next((key for key in keys if key["kid"] == kid), {"kid": kid}))


def _since(city: str, key: Mapping[str, Any]) -> datetime | None:
    with scope(Role.WORKER):
        row = WithdrawnKey.objects.filter(city=city, kid=key["kid"]).first()
    told = [datetime.fromisoformat(key["withdrawn_at"])] if "withdrawn_at" in key else []
    return min([*told, *([row.withdrawn_at] if row else [])], default=None)


def _keys(slug: str, suffices: Callable[[list[Jwk]], bool], *, at: datetime) -> list[Jwk]:
    city = trusted_city(slug)
    if city is None:
        raise Refused(Reason.UNKNOWN_CITY)
    held = _held(slug)
    fresh = held is not None and held.fetched_at is not None and held.fetched_at > at - FRESH_FOR
    if (not fresh or held is None or not suffices(held.keys)) and _may_be_asked(held, at=at):
        _ask(city, held, at=at)
        held = _held(slug)
    if held is None or held.fetched_at is None or held.fetched_at <= at - HOLDS_FOR:
        raise Refused(Reason.KEYS_UNREACHABLE)
    # The city was asked for a key that is not known here, and did not answer: it may well be its newest.
    if not suffices(held.keys) and held.asked_at > held.fetched_at:
        raise Refused(Reason.KEYS_UNREACHABLE)
    keys: list[Jwk] = held.keys
    return keys


def _may_be_asked(held: CityKeys | None, *, at: datetime) -> bool:
    if held is None:
        return True
    answered = held.fetched_at is not None and held.fetched_at >= held.asked_at
    return held.asked_at <= at - (COOL_DOWN if answered else SILENT_FOR)


def _held(city: str) -> CityKeys | None:
    with scope(Role.WORKER):
        return CityKeys.objects.filter(city=city).first()


def _ask(city: TrustedCity, held: CityKeys | None, *, at: datetime) -> None:
    """One of those who come at once asks; for the others it has been asked."""
    with scope(Role.WORKER):
        if held is None:
            _, mine = CityKeys.objects.get_or_create(city=city.slug, defaults={"asked_at": at})
        else:
            mine = bool(CityKeys.objects.filter(city=city.slug, asked_at=held.asked_at).update(asked_at=at))
    if not mine:
        return
    try:
        keys = key_set_of(fetched(city.keys_url, most=_LARGEST, within=_PATIENCE))
    except (NotFetched, PointsInward, NotAKeySet):
        return
    with scope(Role.WORKER):
        CityKeys.objects.filter(city=city.slug).update(keys=keys, fetched_at=at)
