"""Connections to department systems: as `portal.outward` lets them go; what fails is told in a keeper's sentences."""

import socket
import ssl
import time
from collections.abc import Iterable

from datasources.errors import MisSet, Refused, SourceFault, Unreachable
from portal.outward import addresses as outward


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the order to try them. Unreachable when there is none; MisSet when one is not let."""
    try:
        return outward.looked_up(host, port)
    except outward.NotKnown:
        raise Unreachable("The name of the system's address is not known.") from None
    except outward.PointsInward:
        raise MisSet(
            "The address of the system points inward, where the operator of this portal lets no reading go "
            "(SOURCES_MAY_POINT_INWARD)."
        ) from None


def let() -> tuple[str, ...]:
    """The networks that lie inward and may be reached all the same, for a process that is to keep to the same."""
    return outward.inward()


def let_inward(networks: Iterable[str]) -> None:
    """Said once, as a process that reads starts."""
    outward.let_inward(networks)


def connected(host: str, port: int, *, within: float) -> socket.socket:
    """A connection to the first address of `host` that answers; `within` seconds in all. OSError when none does."""
    addresses = looked_up(host, port)
    ends = time.monotonic() + within
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        # An address that is silent may not eat the time of those after it.
        share = max(0.01, (ends - time.monotonic()) / left)
        try:
            return socket.create_connection((address, port), share)
        except OSError:
            if left == 1:
                raise
    raise AssertionError("A name without addresses is refused above.")


def told(fault: BaseException, system: str) -> SourceFault:
    """What a broken connection was about, in a sentence that begins with `system`."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refused("{system} shows another certificate than agreed. Nothing was sent.", system=system)
        if isinstance(cause, ssl.SSLError) and "ALERT" in (cause.reason or ""):
            return Refused("{system} does not take the portal's certificate.", system=system)
        cause = cause.__cause__ or cause.__context__
    return Unreachable("{system} does not answer.", system=system)
