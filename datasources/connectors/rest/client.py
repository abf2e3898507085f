"""Asking a web interface: a token, a time limit, patience when told to wait."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import msgspec

from datasources.connectors.rest.shape import Settings
from datasources.errors import Garbled, Refused, TooSlow, Unreachable
from datasources.outward import outward
from datasources.protocol import Limits

_TRIES = 4
_EARLY = 30.0  # seconds before its end that a token is fetched anew
_LARGEST_ANSWER = 64 * 1024 * 1024


class Client:
    """One system: keeps its token, waits out 429 within the time limit, never follows a redirect."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._ends = time.monotonic() + limits.statement
        timeout = httpx2.Timeout(limits.answer, connect=limits.connect)
        # A redirect could point inward, and the environment's proxies are not the source's.
        self._http = httpx2.Client(
            base_url=settings.url, transport=outward(), timeout=timeout, follow_redirects=False, trust_env=False
        )
        self._token = ""
        self._token_ends = 0.0

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The JSON object at `path`."""
        return self._ask(lambda headers: self._http.build_request("GET", path, params=query, headers=headers))

    def post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """The JSON object that answers `body`; identity codes go here, never into an address."""
        return self._ask(lambda headers: self._http.build_request("POST", path, json=body, headers=headers))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, request: Callable[[dict[str, str]], httpx2.Request]) -> dict[str, Any]:
        for _ in range(_TRIES):
            answer = self._send(request({"Authorization": f"Bearer {self._bearer()}"}))
            if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
                self._wait(answer.headers.get("Retry-After", "1"))
            elif answer.status_code == httpx2.codes.UNAUTHORIZED and self._token:
                self._token = ""
            else:
                return _read(answer)
        raise Refused("The web interface asked to wait too many times, or does not take its own token.")

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        if time.monotonic() > self._ends:
            raise TooSlow("The web interface did not answer in time.")
        try:
            with self._http.stream(
                request.method, request.url, headers=request.headers, content=request.read()
            ) as answer:
                return self._whole(answer)
        except httpx2.TimeoutException:
            raise TooSlow("The web interface did not answer in time.") from None
        except httpx2.TransportError:
            raise Unreachable("The web interface does not answer.") from None
        except httpx2.HTTPError:
            raise Garbled("The answer of the web interface cannot be read.") from None

    def _whole(self, answer: httpx2.Response) -> httpx2.Response:
        content = bytearray()
        for block in answer.iter_bytes():
            content += block
            if len(content) > _LARGEST_ANSWER:
                raise Garbled("One answer of the web interface is larger than 64 MiB.")
            if time.monotonic() > self._ends:
                raise TooSlow("The web interface did not answer in time.")
        return httpx2.Response(answer.status_code, headers=_kept(answer.headers), content=bytes(content))

    def _wait(self, told: str) -> None:
        seconds = min(float(told), 60.0) if told.isascii() and told.isdigit() else 1.0
        if time.monotonic() + seconds > self._ends:
            raise TooSlow("The web interface asked to wait longer than there was time.")
        time.sleep(seconds)

    def _bearer(self) -> str:
        if not self._token or time.monotonic() > self._token_ends - _EARLY:
            request = self._http.build_request(
                "POST", self._settings.token_url, data={"grant_type": "client_credentials"}
            )
            basic = httpx2.BasicAuth(self._settings.client_id, self._settings.client_secret)
            answer = self._send(next(basic.auth_flow(request)))
            if answer.status_code in {400, 401, 403}:
                raise Refused("The web interface does not let the portal in.")
            told = _read(answer)
            self._token = _token(told.get("access_token"))
            self._token_ends = time.monotonic() + _seconds(told.get("expires_in"))
        return self._token


def _kept(headers: httpx2.Headers) -> list[tuple[bytes, bytes]]:
    """The body is decoded already, so its encoding and length are not told again. As bytes: any may be sent."""
    return [(name, value) for name, value in headers.raw if name.lower() in {b"content-type", b"retry-after"}]


def _token(told: Any) -> str:
    if not isinstance(told, str) or not told.isascii() or not told.isprintable():
        raise Garbled("The web interface gave no token that can be sent.")
    return told


def _seconds(told: Any) -> float:
    """Some write it as text; a token of which nothing is told is used once."""
    try:
        return float(told or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _read(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code in {401, 403}:
        raise Refused("The web interface does not let the portal in.")
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise Unreachable(f"The web interface is out of order (HTTP {answer.status_code}).")
    if answer.status_code != httpx2.codes.OK:
        raise Garbled(f"The web interface answered HTTP {answer.status_code}.")
    if "json" not in answer.headers.get("content-type", ""):
        raise Garbled("The web interface answered with a page, not with data.")
    try:
        told = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Garbled("The answer of the web interface is not JSON.") from None
    if not isinstance(told, dict):
        raise Garbled("The answer of the web interface has another form than agreed.")
    return told
