"""Asking an X-Road service (X-Road: Message Protocol for REST 1.0, PR-REST)."""

import base64
import binascii
import ssl
import time
from typing import Any
from uuid import uuid4

import httpx2
import msgspec

from datasources.connectors.xroad.faults import fault_of
from datasources.connectors.xroad.shape import Settings
from datasources.errors import Garbled, TooSlow
from datasources.outward import outward
from datasources.protocol import Limits
from datasources.tls import context_of, told

_TRIES = 4
_LONGEST_WAIT = 60.0  # seconds
_LARGEST_ANSWER = 64 * 1024 * 1024
_SHA512_BYTES = 64
_SLOW = "The security server did not answer in time."


class Client:
    """One service behind the security server; waits out 429 within the time limit, never follows a redirect."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._ends = time.monotonic() + limits.statement
        # A redirect could point inward (PR-REST 4.4), and the environment's proxies are not the source's.
        # Nothing packed is asked for: a few bytes could unpack to more than the limit.
        self._http = httpx2.Client(
            transport=outward(verify=_context(settings)),
            timeout=httpx2.Timeout(limits.answer, connect=limits.connect),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The JSON object at `path`."""
        return self._ask("GET", path, query=query)

    def post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """The JSON object that answers `body`; identity codes go here, never into an address or a header."""
        return self._ask("POST", path, body=body)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        for _ in range(_TRIES):
            headers = self._headers()
            request = self._http.build_request(
                method, self._settings.address_of(path), params=query, json=body, headers=headers
            )
            answer = self._send(request)
            if answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
                return self._read(answer, headers)
            self._wait(answer.headers.get("Retry-After", "1"))
        raise TooSlow("The service behind X-Road asked to wait too many times.")

    def _headers(self) -> dict[str, str]:
        # Security servers keep these headers in their logs: the resident's identity code is not the user.
        return {
            "X-Road-Client": self._settings.client,
            "X-Road-Id": str(uuid4()),
            "X-Road-UserId": self._settings.user,
        }

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        if time.monotonic() > self._ends:
            raise TooSlow(_SLOW)
        answer = None
        try:
            answer = self._http.send(request, stream=True)
            return httpx2.Response(answer.status_code, headers=answer.headers, content=self._whole(answer))
        except httpx2.TimeoutException:
            raise TooSlow(_SLOW) from None
        except httpx2.RemoteProtocolError:
            raise Garbled("The answer of the security server broke off or is not HTTP.") from None
        except httpx2.TransportError as fault:
            raise told(fault, "The security server") from None
        except httpx2.HTTPError:
            raise Garbled("The answer of the security server cannot be read.") from None
        finally:
            if answer is not None:
                answer.close()

    def _whole(self, answer: httpx2.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Garbled("The service behind X-Road sent a packed answer, which was not asked for.")
        content = bytearray()
        for block in answer.iter_raw():
            content += block
            if len(content) > _LARGEST_ANSWER:
                raise Garbled("One answer of the service behind X-Road is larger than 64 MiB.")
            if time.monotonic() > self._ends:
                raise TooSlow(_SLOW)
        return bytes(content)

    def _wait(self, told_to: str) -> None:
        seconds = min(float(told_to), _LONGEST_WAIT) if told_to.isdecimal() else 1.0
        if time.monotonic() + seconds > self._ends:
            raise TooSlow("The service behind X-Road asked to wait longer than there was time.")
        time.sleep(seconds)

    def _read(self, answer: httpx2.Response, asked: dict[str, str]) -> dict[str, Any]:
        told_by = fault_of(answer)
        if told_by is not None:
            raise told_by
        self._compare(answer.headers, asked)
        if "json" not in answer.headers.get("content-type", ""):
            raise Garbled("The service behind X-Road answered with a page, not with data.")
        try:
            found = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Garbled("The answer of the service behind X-Road is not JSON.") from None
        if not isinstance(found, dict):
            raise Garbled("The answer of the service behind X-Road has another form than agreed.")
        return found

    def _compare(self, headers: httpx2.Headers, asked: dict[str, str]) -> None:
        """The answer is to this request (PR-REST 4.3): the id always comes back, the rest where there is any.

        The request's hash is over the message as the security servers made it; ours verifies it. Here it can only be
        seen to be one.
        """
        ours = {"X-Road-Id": asked["X-Road-Id"], "X-Road-Client": asked["X-Road-Client"]}
        ours["X-Road-Service"] = self._settings.service
        differs = [name for name, value in ours.items() if headers.get(name, value).lower() != value.lower()]
        if differs or "X-Road-Id" not in headers or not _is_hash(headers.get("X-Road-Request-Hash")):
            raise Garbled("The security server's answer belongs to another request. Nothing of it was kept.")


def _context(settings: Settings) -> ssl.SSLContext:
    return context_of(ca=settings.ca, certificate=settings.certificate, private_key=settings.private_key)


def _is_hash(text: str | None) -> bool:
    if text is None:
        return True
    try:
        return len(base64.b64decode(text, validate=True)) == _SHA512_BYTES
    except (binascii.Error, ValueError):
        return False
