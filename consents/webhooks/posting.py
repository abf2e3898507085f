"""One message over the wire: pinned to the addresses that were looked at, ten seconds in all, no redirect followed."""

import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from consents.enums import DeliveryFault
from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward

WITHIN = 10.0
MOST_READ = 64 * 1024
_ABOUT_US = {"User-Agent": "mydata-webhooks/1", "Accept-Encoding": "identity"}
_FIRST_OK, _FIRST_REDIRECT, _FIRST_ERROR = 200, 300, 400


@dataclass(frozen=True)
class Outcome:
    """`status` is None when there was no answer; `fault` is empty when it was 2xx."""

    status: int | None
    fault: str
    took_ms: int


class _Hurry(threading.local):
    """When the request of this thread must be over."""

    ends = 0.0

    def left(self, timeout: float | None) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    """A limit for each byte would let an answer drip for ever: every wait is cut to what is left of the whole."""

    def __init__(self, real: httpcore2.NetworkStream, hurry: _Hurry) -> None:
        self._real, self._hurry = real, hurry

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, self._hurry.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, self._hurry.left(timeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._real.start_tls(ssl_context, server_hostname, self._hurry.left(timeout)), self._hurry)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, real: httpcore2.NetworkBackend, hurry: _Hurry) -> None:
        self._real, self._hurry = real, hurry

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        real = self._real.connect_tcp(host, port, self._hurry.left(timeout), local_address, socket_options)
        return _Stream(real, self._hurry)


class Post:
    """Sends messages, from several threads at once if need be. To be closed."""

    def __init__(self, *, verify: ssl.SSLContext | bool = True) -> None:
        self._hurry = _Hurry()
        transport = outward(verify=verify)
        pool: Any = transport._pool  # noqa: SLF001 - as in `outward` itself
        pool._network_backend = _Backend(pool._network_backend, self._hurry)  # noqa: SLF001
        self._http = httpx2.Client(
            transport=transport, timeout=WITHIN, follow_redirects=False, trust_env=False, headers=_ABOUT_US
        )
        self.close = self._http.close

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """What came of it; never an exception for what the other side does."""
        began = time.monotonic()
        self._hurry.ends = began + WITHIN
        status, fault = None, ""
        try:
            status = self._status(url, headers, body)
            fault = _fault_of(status)
        except PointsInward:
            fault = DeliveryFault.INWARD
        except httpx2.TimeoutException:
            fault = DeliveryFault.TIMEOUT
        except httpx2.RemoteProtocolError:
            fault = DeliveryFault.GARBLED
        except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown):
            fault = DeliveryFault.UNREACHABLE
        return Outcome(status, fault, int((time.monotonic() - began) * 1000))

    def _status(self, url: str, headers: dict[str, str], body: bytes) -> int:
        with self._http.stream("POST", url, headers=headers, content=body) as answer:
            # Read only so that the connection can be used again; what it says is nobody's.
            read = 0
            with suppress(httpx2.HTTPError):
                for block in answer.iter_raw():
                    read += len(block)
                    if read > MOST_READ:
                        break
            return int(answer.status_code)


def _fault_of(status: int) -> str:
    if _FIRST_OK <= status < _FIRST_REDIRECT:
        return ""
    return DeliveryFault.REDIRECT if _FIRST_REDIRECT <= status < _FIRST_ERROR else DeliveryFault.ANSWER
