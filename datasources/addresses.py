"""Where connectors may connect to: the world outside, and inward only where the operator of this deployment lets them.

What a keeper writes as an address, or what a name server answers, must not lead to the portal's own database, to a
cloud's metadata service, or to a neighbour that trusts this machine (server-side request forgery). A name is looked up
once, and the very addresses that were looked at are connected to, one after the other.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from datasources.errors import MisSet, Refused, SourceFault, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Carry an IPv4 address in their last four bytes: NAT64 (RFC 6052), IPv4-compatible (RFC 4291 §2.5.5.1), IPv4-translated
# (RFC 2765 §2.1).
_CARRYING_LAST = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96"))
# Inward by their standards, though Python 3.11 calls them global: site-local (RFC 3879), NAT64 of a local network (RFC
# 8215, where the IPv4 address lies is the network's own affair), segments of a network (RFC 9602), papers (RFC 9637).
_LOCAL = tuple(map(IPv6Network, ("fec0::/10", "64:ff9b:1::/48", "5f00::/16", "3fff::/20")))
_ALONE = (IPv6Address("::"), IPv6Address("::1"))
_inward: tuple[Network, ...] = ()


def let_inward(networks: Iterable[str]) -> None:
    """Said once, as the process starts: which networks connectors may reach beside the world. ValueError for others."""
    global _inward  # noqa: PLW0603 - the deployment is one
    _inward = tuple(ip_network(network) for network in networks)


def is_let(address: Address) -> bool:
    """The address is public, or lies in a network that connectors may reach."""
    if any(address in network for network in _inward if network.version == address.version):
        return True
    within = _within(address)
    if within:
        return all(is_let(each) for each in within)
    if any(address in network for network in _LOCAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _within(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address stands for: of Teredo, the server and the one behind it (RFC 4380)."""
    if not isinstance(address, IPv6Address) or address in _ALONE:
        return ()
    if any(address in network for network in _CARRYING_LAST):
        return (IPv4Address(address.packed[-4:]),)
    inner = address.ipv4_mapped or address.sixtofour
    return (inner,) if inner else address.teredo or ()


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the order to try them. Unreachable when there is none; MisSet when one is not let."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("The name of the system's address is not known.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    # Any of them: a name with two faces is not to be believed.
    if not addresses or not all(is_let(ip_address(address)) for address in addresses):
        raise MisSet(
            "The address of the system points inward, where the operator of this portal lets no reading go "
            "(SOURCES_MAY_POINT_INWARD)."
        )
    return addresses


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
