"""How the portal shows a web interface who it is."""

import time
from typing import Any
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from datasources.connectors.rest.shape import SYSTEM, Settings
from datasources.errors import Garbled, MisSet, Refused, Unreachable
from datasources.outward import Line, json_of

_EARLY = 30.0  # seconds before its end that a token is fetched anew
_ASSERTION_SECONDS = 60
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenDesk:
    """Headers for a request. Tokens live in this memory only, and are fetched anew before they end."""

    def __init__(self, settings: Settings, line: Line) -> None:
        self._settings, self._line = settings, line
        self._token = ""
        self._ends = 0.0

    def headers(self) -> dict[str, str]:
        """What each request carries."""
        match self._settings.auth:
            case "api_key":
                return {self._settings.api_key_header: self._settings.api_key}
            case "none":
                return {}
        if not self._token or time.monotonic() > self._ends - _EARLY:
            self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> bool:
        """The token was not taken: another may be. False when there was none."""
        had, self._token = bool(self._token), ""
        return had

    def _fetch(self) -> None:
        """RFC 6749 §4.4, with HTTP Basic or a signed assertion (RFC 7523 §2.2)."""
        told = self._settings
        form = {"grant_type": "client_credentials"} | ({"scope": told.scope} if told.scope else {})
        if told.auth == "signed":
            form |= {"client_assertion_type": _ASSERTION, "client_assertion": self._assertion()}
            request = self._line.request("POST", told.token_url, data=form)
        else:
            request = self._line.request("POST", told.token_url, data=form)
            request = next(httpx2.BasicAuth(told.client_id, told.client_secret).auth_flow(request))
        answer = self._line.send(request)
        if answer.status_code in {400, 401, 403}:
            raise Refused("The web interface does not let the portal in.")
        given = _object(answer)
        self._token = _token(given.get("access_token"))
        self._ends = time.monotonic() + _seconds(given.get("expires_in"))

    def _assertion(self) -> str:
        told, now = self._settings, int(time.time())
        header = {"alg": told.algorithm} | ({"kid": told.key_id} if told.key_id else {})
        claims = {
            "iss": told.client_id,
            "sub": told.client_id,
            "aud": told.token_url,
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        kind: Any = ECKey if told.algorithm == "ES256" else RSAKey
        try:
            key = kind.import_key(told.private_key)
            return jwt.encode(header, claims, key, algorithms=[told.algorithm])
        except (JoseError, ValueError, TypeError):
            raise MisSet("The key of assertions cannot be used with this algorithm.") from None


def _object(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise Unreachable("The web interface is out of order (HTTP {status}).", status=answer.status_code)
    if answer.status_code != httpx2.codes.OK:
        raise Garbled("The web interface answered HTTP {status} when asked for a token.", status=answer.status_code)
    found: dict[str, Any] = json_of(answer.content, SYSTEM, form=dict)
    return found


def _token(told: Any) -> str:
    if not isinstance(told, str) or not told or not told.isascii() or not told.isprintable():
        raise Garbled("The web interface gave no token that can be sent.")
    return told


def _seconds(told: Any) -> float:
    """Some write it as text; a token of which nothing is told is used once."""
    try:
        return float(told or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
