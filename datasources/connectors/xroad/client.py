"""Asking an X-Road service (X-Road: Message Protocol for REST 1.0, PR-REST)."""

import base64
import binascii
from typing import Any
from uuid import uuid4

import httpx2

from datasources.connectors.xroad.faults import fault_of
from datasources.connectors.xroad.shape import Settings
from datasources.errors import Garbled, TooSlow
from datasources.outward import PATIENCE, Line, data_of
from datasources.protocol import Limits
from datasources.tls import context_of

_TRIES = 4
_SHA512_BYTES = 64
_SERVICE = "The service behind X-Road"


class Client:
    """One service behind the security server; waits out 429 within the time limit, never follows a redirect."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._line = Line(
            "The security server",
            connect=limits.connect,
            answer=limits.answer,
            whole=limits.statement,
            verify=context_of(ca=settings.ca, certificate=settings.certificate, private_key=settings.private_key),
        )
        self.close = self._line.close

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The JSON object at `path`."""
        return self._ask("GET", path, query=query)

    def post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """The JSON object that answers `body`; identity codes go here, never into an address or a header."""
        return self._ask("POST", path, body=body)

    def _ask(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        patience = PATIENCE
        for _ in range(_TRIES):
            headers = self._headers()
            url = self._settings.address_of(path)
            answer = self._line.send(self._line.request(method, url, params=query, json=body, headers=headers))
            if answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
                return self._read(answer, headers)
            patience = self._line.wait(answer, patience=patience)
        raise TooSlow("{system} asked to wait too many times.", system=_SERVICE)

    def _headers(self) -> dict[str, str]:
        # Security servers keep these headers in their logs: the resident's identity code is not the user.
        return {
            "X-Road-Client": self._settings.client,
            "X-Road-Id": str(uuid4()),
            "X-Road-UserId": self._settings.user,
        }

    def _read(self, answer: httpx2.Response, asked: dict[str, str]) -> dict[str, Any]:
        told_by = fault_of(answer)
        if told_by is not None:
            raise told_by
        self._compare(answer.headers, asked)
        found: dict[str, Any] = data_of(answer, _SERVICE, form=dict)
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


def _is_hash(text: str | None) -> bool:
    if text is None:
        return True
    try:
        return len(base64.b64decode(text, validate=True)) == _SHA512_BYTES
    except (binascii.Error, ValueError):
        return False
