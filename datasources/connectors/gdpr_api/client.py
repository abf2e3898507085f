"""Speaking HTTP with a GDPR API and its token server: limits of time and size, no redirect, faults as sentences."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec

from datasources.errors import Garbled, TooSlow, Unreachable
from datasources.outward import outward
from datasources.protocol import Limits

_LARGEST_ANSWER = 64 * 1024 * 1024
_SLOW = "The GDPR API did not answer in time."


@dataclass(frozen=True)
class Answer:
    """What came back; `content` may be a token or a person's data and is never shown."""

    status: int
    kind: str
    content: bytes = field(repr=False)

    def object(self) -> dict[str, Any]:
        """The JSON object of an answer; Garbled when it is none."""
        try:
            told = msgspec.json.decode(self.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Garbled("The answer of the GDPR API is not JSON.") from None
        if not isinstance(told, dict):
            raise Garbled("The answer of the GDPR API has another form than agreed.")
        return told


class Client:
    """Both servers, within one time limit."""

    def __init__(self, limits: Limits) -> None:
        self._ends = time.monotonic() + limits.statement
        timeout = httpx2.Timeout(limits.answer, connect=limits.connect)
        # A redirect could point inward, and the environment's proxies are not the source's.
        # Nothing packed is asked for: a few bytes could unpack to more than the limit.
        self._http = httpx2.Client(
            transport=outward(),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        bearer: str = "",
        query: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> Answer:
        """The answer whatever its status. TooSlow, Unreachable; Garbled when it is packed, cut short or too large."""
        if time.monotonic() > self._ends:
            raise TooSlow(_SLOW)
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            with self._http.stream(method, url, params=query, data=form, headers=headers) as answer:
                return Answer(answer.status_code, answer.headers.get("content-type", ""), self._whole(answer))
        except httpx2.TimeoutException:
            raise TooSlow(_SLOW) from None
        except httpx2.RemoteProtocolError:
            raise Garbled("The answer of the GDPR API broke off or is not HTTP.") from None
        except httpx2.TransportError:
            raise Unreachable("The GDPR API does not answer.") from None
        except httpx2.HTTPError:
            raise Garbled("The answer of the GDPR API cannot be read.") from None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _whole(self, answer: httpx2.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Garbled("The GDPR API sent a packed answer, which was not asked for.")
        content = bytearray()
        for block in answer.iter_raw():
            content += block
            if len(content) > _LARGEST_ANSWER:
                raise Garbled("One answer of the GDPR API is larger than 64 MiB.")
            if time.monotonic() > self._ends:
                raise TooSlow(_SLOW)
        return bytes(content)
