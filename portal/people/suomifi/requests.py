"""What we sign: request objects (RFC 9101) and client assertions (RFC 7523)."""

import time
from uuid import uuid4

from joserfc import jwt

from portal.keys.signing import signing_key

_SECONDS = 60


def _signed(claims: dict[str, str | int]) -> str:
    key = signing_key("login")
    return jwt.encode({"alg": "RS256", "kid": key.kid or ""}, claims, key)


def request_object(claims: dict[str, str], *, audience: str) -> str:
    """The authorization request as a signed JWT for `audience`, good for a minute."""
    now = int(time.time())
    return _signed(
        {**claims, "iss": claims["client_id"], "aud": audience, "iat": now, "exp": now + _SECONDS, "jti": str(uuid4())}
    )


def client_assertion(client_id: str, *, audience: str) -> str:
    """Who we are, at the token endpoint: used once, good for a minute."""
    now = int(time.time())
    return _signed(
        {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": now,
            "exp": now + _SECONDS,
            "jti": str(uuid4()),
        }
    )
