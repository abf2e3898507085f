"""The public keys of a department system: pasted, or fetched from an address of its own. Several hold at once."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, KeySet, RSAKey

from portal.outward.addresses import PointsInward
from portal.outward.fetching import NotFetched, fetched
from portal.rest.models import Client

ALGORITHMS = ["ES256", "RS256"]
# Who has not seen a new key yet looks again, but not for everyone who makes up the name of one.
COOL_DOWN = timedelta(seconds=60)
_MOST_KEYS, _LARGEST, _PATIENCE = 20, 64 * 1024, 3.0
_SHORTEST_RSA = 2048
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_PORTS = range(1, 65536)


class NotAKeySet(Exception):
    """These are no public keys that assertions may be signed with."""


class NotAnAddress(Exception):
    """No keys may be fetched from there: not https, or with a name and password in it."""


def key_set_of(told: Any) -> dict[str, Any]:
    """`{"keys": [...]}` (RFC 7517 §5) of public EC P-256 and RSA keys with 2048 bits or more; NotAKeySet.

    Where there are several, each has a `kid` of its own: that is how an assertion says which.
    """
    keys = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(keys, list) or not 1 <= len(keys) <= _MOST_KEYS:
        raise NotAKeySet
    for key in keys:
        _look_at(key)
    names = [key.get("kid") for key in keys]
    if len(keys) > 1 and (len(set(names)) < len(names) or not all(isinstance(name, str) and name for name in names)):
        raise NotAKeySet
    return {"keys": keys}


def _look_at(key: Any) -> None:
    if not isinstance(key, dict) or _PRIVATE & key.keys() or key.get("use", "sig") != "sig":
        raise NotAKeySet
    try:
        found = JWKRegistry.import_key(key)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise NotAKeySet from None
    match found:
        case ECKey() if found.curve_name == "P-256":
            return
        case RSAKey() if found.raw_value.key_size >= _SHORTEST_RSA:
            return
    raise NotAKeySet


def checked_address(url: str) -> str:
    """The same, if keys may be fetched from there by its looks; NotAnAddress. Where it leads is seen when fetching."""
    try:
        parts = urlsplit(url)
        good = parts.port is None or parts.port in _PORTS
    except ValueError:
        raise NotAnAddress from None
    schemes = {"https", "http"} if settings.PLAIN_HTTP else {"https"}
    if not good or parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc or not url.isascii():
        raise NotAnAddress
    return url


def fetched_keys(url: str) -> dict[str, Any]:
    """The key set at `url`. NotAnAddress, PointsInward, NotFetched, NotAKeySet."""
    content = fetched(checked_address(url), most=_LARGEST, within=_PATIENCE)
    try:
        return key_set_of(msgspec.json.decode(content))
    except (msgspec.DecodeError, RecursionError):
        raise NotAKeySet from None


def keys_of(client: Client, *, kid: str | None, at: datetime) -> KeySet:
    """The keys of which one may have signed. An unknown `kid` is looked for at the client's address, after a cool-down.

    Within the API's scope. What cannot be fetched leaves the keys that were fetched before.
    """
    held = _held(client)
    known = any(key.kid == kid for key in held) if kid else bool(held.keys)
    if client.jwks_url and not known and (client.jwks_asked_at is None or client.jwks_asked_at <= at - COOL_DOWN):
        _fetch(client, at=at)
        held = _held(client)
    return held


def _held(client: Client) -> KeySet:
    # One key may be pasted and fetched: it stands once.
    each = [*client.jwks.get("keys", []), *client.fetched_jwks.get("keys", [])]
    once = {json.dumps(key, sort_keys=True): key for key in each}
    return KeySet([JWKRegistry.import_key(key) for key in once.values()])


def _fetch(client: Client, *, at: datetime) -> None:
    mine = Client.objects.filter(pk=client.pk)
    # One of those who come at once asks; for the others it has been asked.
    if not mine.filter(jwks_asked_at=client.jwks_asked_at).update(jwks_asked_at=at):
        return
    try:
        client.fetched_jwks = fetched_keys(client.jwks_url)
    except (NotAnAddress, PointsInward, NotFetched, NotAKeySet):
        return
    mine.update(fetched_jwks=client.fetched_jwks)
