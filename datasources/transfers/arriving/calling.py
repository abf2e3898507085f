"""The other city asked: for a token by the code that the resident brought back, then for the package (RFC 6749)."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.jwk import OKPKey

from datasources.transfers.enums import LARGEST_SEALED
from portal.keys.signing import signing_key
from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward

KEY = "packages"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MOST_TOLD = 64 << 10
# A whole package, by a slow line.
_WITHIN = 300.0
# As long as a call for a token may be made: a code lives a minute.
CALL_LIVES = timedelta(seconds=55)
# Seconds in which nothing at all comes: who is asked is silent then.
SILENT_AFTER = 15.0
_LONGEST_TOKEN, _LONGEST_WAIT = 4096, 60
_OK, _ACCEPTED = httpx2.codes.OK, httpx2.codes.ACCEPTED


class CityIsSilent(Exception):
    """Nobody answers there, in time, with what was agreed."""


class CityRefuses(Exception):
    """The other city does not take what we bring it (RFC 6749 §5.2): it is no use to ask again."""


@dataclass(frozen=True)
class BeingMade:
    """The package is not ready: `made` of `parts`; ask again in `seconds`."""

    made: int
    parts: int
    seconds: int


@dataclass(frozen=True)
class Traded:
    """What a code is traded with, by a `client`: this city's slug."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    client: str
    redirect_uri: str


def signed_call(told: Traded, url: str, *, at: datetime) -> dict[str, str]:
    """The whole call for a token, to be made as it is, however often: another one would be a second use of the code."""
    return {
        "grant_type": "authorization_code",
        "code": told.code,
        "code_verifier": told.verifier,
        "redirect_uri": told.redirect_uri,
        "client_id": told.client,
        "client_assertion_type": _ASSERTION,
        "client_assertion": _assertion(told.client, url, at=at),
    }


def token_by(call: Mapping[str, str], url: str) -> str:
    """The token that the code is good for, once. CityRefuses, CityIsSilent."""
    with _answer("POST", url, data=dict(call)) as answer:
        told = _told(answer)
    token, kind = told.get("access_token"), str(told.get("token_type", "")).lower()
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN or kind != "bearer":
        raise CityIsSilent
    return token


def package_by(token: str, url: str, *, write: Callable[[bytes], object]) -> BeingMade | None:
    """The package, handed to `write` piece by piece; or how far it is. CityRefuses, CityIsSilent."""
    with _answer("GET", url, headers={"Authorization": f"Bearer {token}"}) as answer:
        if answer.status_code == _ACCEPTED:
            return _how_far(answer)
        ends, size = time.monotonic() + _WITHIN, 0
        promised = answer.headers.get("Content-Length", "")
        for block in answer.iter_raw():
            size += len(block)
            # One byte more is handed on, so that whoever writes it says what is wrong with it.
            if time.monotonic() > ends or size > LARGEST_SEALED + len(block):
                raise CityIsSilent
            write(block)
        if promised.isdecimal() and int(promised) != size:
            raise CityIsSilent
    return None


def _assertion(client: str, url: str, *, at: datetime) -> str:
    """Who we are, by a key that we publish (RFC 7523 §3), for this one address and minute."""
    key = signing_key(KEY)
    alg = "EdDSA" if isinstance(key, OKPKey) else "ES256"
    header = {"alg": alg, "kid": str(key.kid), "typ": "JWT"}
    began = int(at.timestamp())
    claims = {
        "iss": client,
        "sub": client,
        "aud": url,
        "iat": began,
        "exp": began + int(CALL_LIVES.total_seconds()),
        "jti": str(uuid4()),
    }
    return jwt.encode(header, claims, key, algorithms=[alg])


class _answer:  # noqa: N801 - reads as what it gives
    """One call outward: no redirect, nothing packed, no proxy. 2xx, or CityRefuses (4xx) and CityIsSilent."""

    def __init__(self, method: str, url: str, **call: Any) -> None:
        self._http = httpx2.Client(transport=outward(), timeout=SILENT_AFTER, trust_env=False)
        headers = {"Accept-Encoding": "identity", **call.pop("headers", {})}
        self._stream = self._http.stream(method, url, headers=headers, **call)

    def __enter__(self) -> httpx2.Response:
        try:
            answer = self._stream.__enter__()
            status = answer.status_code
            if answer.is_client_error and status not in {httpx2.codes.REQUEST_TIMEOUT, httpx2.codes.TOO_MANY_REQUESTS}:
                raise CityRefuses
            if status not in {_OK, _ACCEPTED} or "content-encoding" in answer.headers:
                raise CityIsSilent
        except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown, PointsInward, ValueError):
            self._http.close()
            raise CityIsSilent from None
        except (CityRefuses, CityIsSilent):
            self._stream.__exit__(None, None, None)
            self._http.close()
            raise
        return answer

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        with suppress(httpx2.HTTPError):
            self._stream.__exit__(kind, *rest)
        self._http.close()
        if kind is not None and issubclass(kind, httpx2.HTTPError):
            raise CityIsSilent from None


def _told(answer: httpx2.Response) -> dict[str, Any]:
    content = bytearray()
    for block in answer.iter_raw():
        content += block
        if len(content) > _MOST_TOLD:
            raise CityIsSilent
    with suppress(ValueError, RecursionError):
        told = json.loads(content)
        if isinstance(told, dict):
            return told
    raise CityIsSilent


def _how_far(answer: httpx2.Response) -> BeingMade:
    told, wait = _told(answer), answer.headers.get("Retry-After", "")
    made, parts = told.get("made", 0), told.get("of", 0)
    if not (isinstance(made, int) and isinstance(parts, int) and 0 <= made <= parts < 1 << 31):
        raise CityIsSilent
    seconds = int(wait) if wait.isascii() and wait.isdecimal() else 2
    return BeingMade(made, parts, max(1, min(seconds, _LONGEST_WAIT)))
