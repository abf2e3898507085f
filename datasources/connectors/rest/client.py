"""Asking a web interface: a token, a time limit, patience when told to wait."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import httpx2
import msgspec
import stamina

from datasources import tls
from datasources.connectors.rest.shape import Settings
from datasources.connectors.rest.tokens import TokenDesk
from datasources.errors import Garbled, Refused, SourceFault, TooSlow, Unreachable
from datasources.outward import outward
from datasources.protocol import Limits

_TRIES = 4
_LONGEST_WAIT = 60.0  # seconds
_LARGEST_ANSWER = 64 * 1024 * 1024
_SLOW = "The web interface did not answer in time."
# A server behind a proxy that is away for a moment. Everything asked here only reads, so it may be asked again.
_PASSING = {502, 503, 504}


class _Passing(Exception):
    """Gone in a moment, perhaps."""

    def __init__(self, fault: SourceFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Answer:
    """A JSON value, and the address of the next page when a header tells it."""

    told: Any = field(repr=False)
    next_link: str = ""


class Client:
    """One system: keeps its token, waits out 429 within the time limit, never follows a redirect."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._ends = time.monotonic() + limits.statement
        timeout = httpx2.Timeout(limits.answer, connect=limits.connect)
        # A redirect could point inward, and the environment's proxies are not the source's.
        self._http = httpx2.Client(
            transport=outward(verify=_context(settings)), timeout=timeout, follow_redirects=False, trust_env=False
        )
        self._tokens = TokenDesk(settings, self._send, self._http.build_request)

    def get(self, path: str, **query: str) -> Answer:
        """What stands at `path`."""
        url = self.address_of(path)
        return self._ask(lambda headers: self._http.build_request("GET", url, params=query, headers=headers))

    def post(self, path: str, body: dict[str, str]) -> Answer:
        """What answers `body`; identity codes go here, never into an address."""
        url = self.address_of(path)
        return self._ask(lambda headers: self._http.build_request("POST", url, json=body, headers=headers))

    def address_of(self, path: str) -> str:
        """Paths stand below the interface's address."""
        return f"{self._settings.url.rstrip('/')}/{path.lstrip('/')}"

    def joined(self, path: str, link: str) -> str:
        """A link told by the answer of `path`, made whole."""
        return urljoin(self.address_of(path), link)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, request: Callable[[dict[str, str]], httpx2.Request]) -> Answer:
        for _ in range(_TRIES):
            answer = self._patiently(lambda: self._send(request(self._tokens.headers())))
            if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
                self._wait(answer.headers.get("Retry-After", "1"))
            elif answer.status_code == httpx2.codes.UNAUTHORIZED and self._tokens.forget():
                continue
            else:
                return _read(answer)
        raise Refused("The web interface asked to wait too many times, or does not take its own token.")

    def _patiently(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Again after a short while, with jitter, when the interface is away for a moment; within the time limit."""
        left = max(0.1, self._ends - time.monotonic())
        try:
            for attempt in stamina.retry_context(
                on=_Passing, attempts=3, timeout=left, wait_initial=0.1, wait_max=2.0, wait_jitter=0.2
            ):
                with attempt:
                    return _unless_passing(send)
        except _Passing as passing:
            raise passing.fault from None
        raise Unreachable("The web interface does not answer.")

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        if time.monotonic() > self._ends:
            raise TooSlow(_SLOW)
        answer = None
        try:
            answer = self._http.send(request, stream=True)
            return self._whole(answer)
        except httpx2.TimeoutException:
            raise TooSlow(_SLOW) from None
        except httpx2.TransportError as fault:
            raise tls.told(fault, "The web interface") from None
        except httpx2.HTTPError:
            raise Garbled("The answer of the web interface cannot be read.") from None
        finally:
            if answer is not None:
                answer.close()

    def _whole(self, answer: httpx2.Response) -> httpx2.Response:
        content = bytearray()
        for block in answer.iter_bytes():
            content += block
            if len(content) > _LARGEST_ANSWER:
                raise Garbled("One answer of the web interface is larger than 64 MiB.")
            if time.monotonic() > self._ends:
                raise TooSlow(_SLOW)
        return httpx2.Response(answer.status_code, headers=_kept(answer.headers), content=bytes(content))

    def _wait(self, told: str) -> None:
        seconds = _seconds_told(told)
        if time.monotonic() + seconds > self._ends:
            raise TooSlow("The web interface asked to wait longer than there was time.")
        time.sleep(seconds)


def _context(settings: Settings) -> Any:
    if not (settings.certificate or settings.ca):
        return True
    return tls.context_of(ca=settings.ca, certificate=settings.certificate, private_key=settings.certificate_key)


def _unless_passing(send: Callable[[], httpx2.Response]) -> httpx2.Response:
    try:
        answer = send()
    except Unreachable as fault:
        raise _Passing(fault) from None
    if answer.status_code in _PASSING:
        raise _Passing(Unreachable(f"The web interface is out of order (HTTP {answer.status_code})."))
    return answer


def _seconds_told(told: str) -> float:
    """Of a Retry-After (RFC 9110 §10.2.3): seconds or a moment; at most a minute, one second when it is neither."""
    if told.isascii() and told.isdigit():
        return min(float(told), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return 1.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment.timestamp() - time.time(), 0.0), _LONGEST_WAIT)


def _kept(headers: httpx2.Headers) -> list[tuple[bytes, bytes]]:
    """The body is decoded already, so its encoding and length are not told again. As bytes: any may be sent."""
    wanted = {b"content-type", b"retry-after", b"link"}
    return [(name, value) for name, value in headers.raw if name.lower() in wanted]


def _read(answer: httpx2.Response) -> Answer:
    if answer.status_code in {401, 403}:
        raise Refused("The web interface does not let the portal in.")
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise Unreachable(f"The web interface is out of order (HTTP {answer.status_code}).")
    if answer.is_redirect:
        raise Garbled("The web interface points to another address. It was not followed.")
    if answer.status_code != httpx2.codes.OK:
        raise Garbled(f"The web interface answered HTTP {answer.status_code}.")
    if "json" not in answer.headers.get("content-type", ""):
        raise Garbled("The web interface answered with a page, not with data.")
    try:
        told = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Garbled("The answer of the web interface is not JSON.") from None
    if not isinstance(told, dict | list):
        raise Garbled("The answer of the web interface has another form than agreed.")
    return Answer(told, _next_link(answer))


def _next_link(answer: httpx2.Response) -> str:
    try:
        return str(answer.links.get("next", {}).get("url", ""))
    except (ValueError, UnicodeError):
        return ""
