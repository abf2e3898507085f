"""HTTP to department systems that goes where `addresses` lets it and nowhere else, and comes back whole and in time."""

import json
import ssl
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import msgspec

from datasources.addresses import looked_up, told
from datasources.errors import Garbled, SourceFault, TooSlow
from portal.outward.transport import outward

# Of all that one request is told to wait, in seconds.
PATIENCE = 60.0
_LARGEST_ANSWER = 64 * 1024 * 1024


class Line:
    """To one system, within one time limit. Answers are whole, not packed, of 64 MiB at most; no redirect is followed.

    `system` begins a sentence: "The web interface". `connect`, `answer`, `whole`: seconds for a connection, for each
    wait, and for all requests together. `broken`: the fault when an answer breaks off or is not HTTP.
    """

    def __init__(
        self,
        system: str,
        *,
        connect: float,
        answer: float,
        whole: float,
        verify: ssl.SSLContext | bool = True,
        broken: type[SourceFault] = Garbled,
    ) -> None:
        self._system, self._broken = system, broken
        self._ends = time.monotonic() + whole
        # A redirect could point inward, and the environment's proxies are not the source's.
        # Nothing packed is asked for: a few bytes could unpack to more than the limit.
        self._http = httpx2.Client(
            transport=outward(verify=verify, look_up=looked_up),
            timeout=httpx2.Timeout(answer, connect=connect),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        self.request = self._http.build_request
        self.close = self._http.close

    @property
    def left(self) -> float:
        """Seconds until the time limit; none or less when it is over."""
        return self._ends - time.monotonic()

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """The answer whatever its status. TooSlow, Unreachable, Refused; Garbled when it is packed or too large."""
        self._hurry()
        answer = None
        try:
            answer = self._http.send(request, stream=True)
            return httpx2.Response(answer.status_code, headers=answer.headers, content=self._content(answer))
        except httpx2.TimeoutException:
            raise self._slow() from None
        except httpx2.RemoteProtocolError:
            raise self._broken(f"The answer of {_within(self._system)} broke off or is not HTTP.") from None
        except httpx2.TransportError as fault:
            raise told(fault, self._system) from None
        except httpx2.HTTPError:
            raise Garbled(f"The answer of {_within(self._system)} cannot be read.") from None
        finally:
            if answer is not None:
                answer.close()

    def wait(self, answer: httpx2.Response, *, patience: float) -> float:
        """As long as a 429 says (Retry-After, RFC 9110 §10.2.3); the patience that is left. TooSlow when it is less."""
        seconds = _seconds(answer.headers.get("Retry-After", "1"))
        if seconds > min(patience, self.left):
            raise TooSlow(f"{self._system} asked to wait longer than there was time.")
        time.sleep(seconds)
        return patience - seconds

    def _content(self, answer: httpx2.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Garbled(f"{self._system} sent a packed answer, which was not asked for.")
        content = bytearray()
        for block in answer.iter_raw():
            content += block
            if len(content) > _LARGEST_ANSWER:
                raise Garbled(f"One answer of {_within(self._system)} is larger than 64 MiB.")
            self._hurry()
        return bytes(content)

    def _hurry(self) -> None:
        if self.left < 0:
            raise self._slow()

    def _slow(self) -> TooSlow:
        return TooSlow(f"{self._system} did not answer in time.")


def data_of(answer: httpx2.Response, system: str, *, form: type | tuple[type, ...] = (dict, list)) -> Any:
    """The JSON value that an answer says it is, of this form; Garbled as `json_of`."""
    if "json" not in answer.headers.get("content-type", ""):
        raise Garbled(f"{system} answered with a page, not with data.")
    return json_of(answer.content, system, form=form)


def json_of(content: bytes, system: str, *, form: type | tuple[type, ...] = (dict, list)) -> Any:
    """A JSON value of this form; Garbled when it is none, or one object has a name twice (RFC 8259 §4)."""
    try:
        found = msgspec.json.decode(content)
        json.loads(content.decode(), object_pairs_hook=_names_are_told_once)
    except _Twice:
        raise Garbled(f"The answer of {_within(system)} tells the same name twice in one object.") from None
    except (ValueError, RecursionError):
        raise Garbled(f"The answer of {_within(system)} is not JSON.") from None
    if not isinstance(found, form):
        raise Garbled(f"The answer of {_within(system)} has another form than agreed.")
    return found


class _Twice(Exception):
    """A name stands twice in an object."""


def _names_are_told_once(pairs: list[tuple[str, Any]]) -> None:
    # Nothing is built: msgspec, which is strict otherwise, has made the value already.
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Twice


def _within(system: str) -> str:
    """The system's name within a sentence."""
    return system.replace("The ", "the ", 1)


def _seconds(waiting: str) -> float:
    """Seconds or a moment; one second when it is neither."""
    if waiting.isascii() and waiting.isdigit():
        return float(waiting)
    try:
        moment = parsedate_to_datetime(waiting)
    except ValueError:
        return 1.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment.timestamp() - time.time(), 0.0)
