"""HTTP that connects to the very addresses that were looked at."""

import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from typing import Any

import httpcore2
import httpx2

from portal.outward.addresses import looked_up

LookUp = Callable[[str, int], list[str]]


class _Outward(httpcore2.NetworkBackend):
    """Connects to the addresses that were looked at, in turn; TLS and the Host header keep the name."""

    def __init__(self, look_up: LookUp) -> None:
        self._real, self._look_up = httpcore2.SyncBackend(), look_up

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._look_up(host, port)
        # An address that is silent may not eat the time of those after it.
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses[:-1]:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return self._real.connect_tcp(address, port, share, local_address, socket_options)
        return self._real.connect_tcp(addresses[-1], port, share, local_address, socket_options)


@cache
def trusted() -> ssl.SSLContext:
    """Whom the operating system trusts. Read once for each process: it takes longer than most answers do."""
    return httpx2.create_ssl_context(trust_env=False)


def outward(*, verify: ssl.SSLContext | bool = True, look_up: LookUp = looked_up) -> httpx2.HTTPTransport:
    """For `httpx2.Client(transport=...)`. Raises what `look_up` raises where a connection would go inward."""
    context = verify if isinstance(verify, ssl.SSLContext) else trusted()
    transport = httpx2.HTTPTransport(verify=context, trust_env=False)
    # httpx2 hands no network backend on; its pool is httpcore2's own, made anew with one.
    transport._pool = httpcore2.ConnectionPool(ssl_context=context, network_backend=_Outward(look_up))  # noqa: SLF001
    return transport
