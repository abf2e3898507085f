"""Asking a web interface: a token, a time limit, patience when told to wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx2
import stamina

from datasources import tls
from datasources.connectors.rest.seen import Validators, validators_of
from datasources.connectors.rest.shape import SYSTEM, Settings
from datasources.connectors.rest.tokens import TokenDesk
from datasources.errors import Drifted, Garbled, Refused, SourceFault, Unreachable
from datasources.outward import PATIENCE, Line, data_of
from datasources.protocol import Limits, declined

_TRIES = 4
# A server behind a proxy that is away for a moment. Everything asked here only reads, so it may be asked again.
_PASSING = {502, 503, 504}
_DECLINES = {403, 409}
_NOBODY = {"rows": 0}


class _Passing(Exception):
    """Gone in a moment, perhaps."""

    def __init__(self, fault: SourceFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Answer:
    """A JSON value, the address of the next page when a header tells it, by what the answer can be known again, and
    when it was sent, by the system's own clock.
    """

    told: Any = field(repr=False)
    next_link: str = ""
    said: Validators = field(default=Validators(), repr=False)
    sent: str = ""


class Client:
    """One system: keeps its token, waits out 429 within the time limit, never follows a redirect."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        # What broke off may be asked for again: everything here only reads.
        self._line = Line(
            SYSTEM,
            connect=limits.connect,
            answer=limits.answer,
            whole=limits.statement,
            verify=_context(settings),
            broken=Unreachable,
        )
        self._tokens = TokenDesk(settings, self._line)

    def get(self, path: str, **query: str) -> Answer:
        """What stands at `path`."""
        return _read(self._get(path, query, {}))

    def changed(self, path: str, said: Validators, **query: str) -> Answer | None:
        """What stands at `path`; None when it is still what said this of itself."""
        answer = self._get(path, query, said.condition)
        if answer.status_code != httpx2.codes.NOT_MODIFIED:
            return _read(answer)
        # It is not about what was asked: nothing is taken from it.
        return None if said.agree(answer) else self.get(path, **query)

    def _get(self, path: str, query: dict[str, str], more: dict[str, str]) -> httpx2.Response:
        url = self.address_of(path)
        return self._ask(lambda headers: self._line.request("GET", url, params=query, headers=headers | more))

    def post(self, path: str, body: dict[str, str]) -> Answer:
        """What answers `body`; identity codes go here, never into an address."""
        url = self.address_of(path)
        return _read(self._ask(lambda headers: self._line.request("POST", url, json=body, headers=headers)))

    def erase(self, method: str, path: str, body: dict[str, str], *, reference: str = "") -> int | None:
        """How many rows an erasure took, or would take; None when it is not told. Declined with the reasons why not."""
        url = self.address_of(path)
        told = {"Idempotency-Key": reference} if reference else {}
        answer = self._ask(lambda headers: self._line.request(method, url, json=body, headers=headers | told))
        if answer.status_code == httpx2.codes.NOT_FOUND and _object(answer) == _NOBODY:
            return 0
        if answer.status_code == httpx2.codes.NOT_FOUND:
            # A wrong path answers 404 as well: that nothing is held has to be said.
            raise Drifted("The web interface has no such path.")
        if answer.status_code == httpx2.codes.NO_CONTENT:
            return None
        if answer.status_code in _DECLINES and (refusal := declined(_object(answer))):
            raise refusal
        rows = _read(answer).told
        count = rows.get("rows") if isinstance(rows, dict) else None
        return count if isinstance(count, int) and count >= 0 else None

    def address_of(self, path: str) -> str:
        """Paths stand below the interface's address."""
        return f"{self._settings.url.rstrip('/')}/{path.lstrip('/')}"

    def joined(self, path: str, link: str) -> str:
        """A link told by the answer of `path`, made whole."""
        return urljoin(self.address_of(path), link)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def _ask(self, request: Callable[[dict[str, str]], httpx2.Request]) -> httpx2.Response:
        patience = PATIENCE
        for _ in range(_TRIES):
            answer = self._patiently(lambda: self._line.send(request(self._tokens.headers())))
            if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
                patience = self._line.wait(answer, patience=patience)
            elif answer.status_code == httpx2.codes.UNAUTHORIZED and self._tokens.forget():
                continue
            else:
                return answer
        raise Refused("The web interface asked to wait too many times, or does not take its own token.")

    def _patiently(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Again after a short while, with jitter, when the interface is away for a moment; within the time limit."""
        left = max(0.1, self._line.left)
        try:
            for attempt in stamina.retry_context(
                on=_Passing, attempts=3, timeout=left, wait_initial=0.1, wait_max=2.0, wait_jitter=0.2
            ):
                with attempt:
                    return _unless_passing(send)
        except _Passing as passing:
            raise passing.fault from None
        raise Unreachable("The web interface does not answer.")


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
        raise _Passing(Unreachable("The web interface is out of order (HTTP {status}).", status=answer.status_code))
    return answer


def _read(answer: httpx2.Response) -> Answer:
    if answer.status_code in {401, 403}:
        raise Refused("The web interface does not let the portal in.")
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise Unreachable("The web interface is out of order (HTTP {status}).", status=answer.status_code)
    if answer.status_code == httpx2.codes.NOT_MODIFIED:
        raise Garbled("The web interface says that nothing has changed, which it was not asked.")
    if answer.is_redirect:
        raise Garbled("The web interface points to another address. It was not followed.")
    if answer.status_code != httpx2.codes.OK:
        raise Garbled("The web interface answered HTTP {status}.", status=answer.status_code)
    told = data_of(answer, SYSTEM)
    return Answer(told, _next_link(answer), validators_of(answer), answer.headers.get("Date", ""))


def _object(answer: httpx2.Response) -> Any:
    try:
        return data_of(answer, SYSTEM)
    except Garbled:
        return None


def _next_link(answer: httpx2.Response) -> str:
    try:
        return str(answer.links.get("next", {}).get("url", ""))
    except (ValueError, UnicodeError):
        return ""
