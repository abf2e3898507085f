"""Whether an access token is one of ours (RFC 9068). What held once is remembered: a signature costs 200 look-ups."""

import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from portal.keys.ring import ring

ALGORITHM = "ES256"
_MOST_REMEMBERED = 10_000
_TYPES = {"at+jwt", "application/at+jwt"}


class NotBelieved(Exception):
    """The token does not hold."""


@dataclass(frozen=True, slots=True)
class Believed:
    """A token that we signed for this API. `given` and `ends`: seconds since 1970."""

    client: UUID
    department: str
    scopes: frozenset[str]
    jti: str
    given: int
    ends: int


_believed: dict[bytes, Believed] = {}


def believed(token: str) -> Believed:
    """A token of ours that has not expired; NotBelieved. Whether it was taken back since, the database tells."""
    digest = hashlib.sha256(token.encode()).digest()
    known = _believed.get(digest)
    if known is not None and known.ends > time.time():
        return known
    found = _read(token)
    if len(_believed) >= _MOST_REMEMBERED:
        _believed.clear()
    _believed[digest] = found
    return found


def remembered(token: str) -> Believed | None:
    """The token as it was believed by this process before; None for one that it has not seen."""
    return _believed.get(hashlib.sha256(token.encode()).digest())


@lru_cache(maxsize=8)
def _public(kids: tuple[str, ...]) -> KeySet:
    return KeySet([ECKey.import_key(key) for key in ring().signing["tokens"]])


def _read(token: str) -> Believed:
    keys = _public(tuple(str(key["kid"]) for key in ring().signing["tokens"]))
    try:
        read = jwt.decode(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise NotBelieved from None
    claims: dict[str, Any] = read.claims
    good = (
        read.header.get("typ") in _TYPES
        and claims.get("iss") == settings.PUBLIC_URL
        and claims.get("aud") == f"{settings.PUBLIC_URL}/api/"
        and isinstance(claims.get("exp"), int)
        and claims["exp"] > time.time()
    )
    if not good:
        raise NotBelieved
    scopes = frozenset(str(claims.get("scope", "")).split())
    return Believed(
        UUID(claims["sub"]), str(claims["department"]), scopes, str(claims["jti"]), claims["iat"], claims["exp"]
    )
