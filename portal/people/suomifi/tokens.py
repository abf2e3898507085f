"""What we believe: an encrypted, signed ID token, checked claim by claim (OpenID Connect Core §3.1.3.7; FTN)."""

import json
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.keys.signing import signing_key
from portal.people.actions import Arrival, Names

IDENTITY_CODE = "urn:oid:1.2.246.21"
GIVEN_NAMES = "urn:oid:1.2.246.575.1.14"
FAMILY_NAME = "urn:oid:2.5.4.4"
_SKEW = 60
# Seconds: a token is used at once, and strong identification is of this visit.
_LONGEST_WAY = 600
_FRESH = 3600
_SIGNED_BY = ["RS256", "ES256", "PS256"]
_ENCRYPTED_BY = ["RSA-OAEP-256", "A256GCM"]
_JWE_PARTS = 5


class TokenRefused(Exception):
    """The identity service's answer cannot be believed; `args[0]` says why, as a slug."""


@dataclass(frozen=True)
class Expected:
    """What the token must say."""

    issuer: str
    client_id: str
    nonce: str
    acr: tuple[str, ...]


def _opened(token: str) -> str:
    if token.count(".") != _JWE_PARTS - 1:
        raise TokenRefused("plain-token")
    try:
        plain = jwe.decrypt_compact(token, signing_key("login_encryption"), algorithms=_ENCRYPTED_BY).plaintext
        return (plain or b"").decode()
    except (JoseError, ValueError):
        raise TokenRefused("not-for-us") from None


def _verified(token: str, keys: KeySet) -> dict[str, Any]:
    # Keys come from the configured address only: jku, x5u and jwk headers are never followed (RFC 8725 §3.10).
    try:
        known = {key.kid for key in keys.keys}
        message = jws.extract_compact(token.encode())
        if message.headers().get("kid") not in known:
            raise TokenRefused("unknown-key")
        claims = json.loads(jws.deserialize_compact(token, keys, algorithms=_SIGNED_BY).payload)
    except (JoseError, ValueError):
        raise TokenRefused("bad-signature") from None
    if not isinstance(claims, dict):
        raise TokenRefused("bad-signature")
    return claims


def _time(claims: dict[str, Any], name: str) -> int | None:
    told = claims.get(name)
    return told if type(told) is int else None


def _fault(claims: dict[str, Any], expected: Expected, now: float) -> str:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    issued, expires, identified = (_time(claims, name) for name in ("iat", "exp", "auth_time"))
    checks = {
        "issuer": claims.get("iss") == expected.issuer,
        "audience": audiences == [expected.client_id],
        "party": claims.get("azp", expected.client_id) == expected.client_id,
        "nonce": claims.get("nonce") == expected.nonce,
        "expired": expires is not None and expires > now - _SKEW,
        "issued": issued is not None and now - _LONGEST_WAY - _SKEW < issued < now + _SKEW,
        "stale": "auth_time" not in claims
        or (identified is not None and now - _FRESH - _SKEW < identified < now + _SKEW),
        "assurance": claims.get("acr") in expected.acr,
    }
    return next((name for name, holds in checks.items() if not holds), "")


def believed(token: str, *, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """The claims of an ID token encrypted to us, signed by the service, about this sign-in; TokenRefused otherwise."""
    claims = _verified(_opened(token), keys)
    if fault := _fault(claims, expected, time.time()):
        raise TokenRefused(fault)
    return claims


def arrival(claims: dict[str, Any]) -> Arrival:
    """Who it is; TokenRefused when the token carries no identity code."""
    code = claims.get(IDENTITY_CODE)
    if not isinstance(code, str) or not code:
        raise TokenRefused("no-identity-code")
    names = Names(given=str(claims.get(GIVEN_NAMES, "")), family=str(claims.get(FAMILY_NAME, "")))
    return Arrival(identity_code=code, names=names, email=str(claims.get("email", "")))
