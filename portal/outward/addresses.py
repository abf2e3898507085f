"""Where the portal may connect to: the world outside, and inward only where the operator of this deployment lets it.

What a keeper or a department writes as an address, or what a name server answers, must not lead to the portal's own
database, to a cloud's metadata service, or to a neighbour that trusts this machine (server-side request forgery). A
name is looked up once, and the very addresses that were looked at are connected to, one after the other.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

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


class NotKnown(Exception):
    """No name server knows the name."""


class PointsInward(Exception):
    """One of the addresses lies where the operator of this portal lets nothing connect to."""


def let_inward(networks: Iterable[str]) -> None:
    """Said once, as the process starts: which networks may be reached beside the world. ValueError for others."""
    global _inward  # noqa: PLW0603 - the deployment is one
    _inward = tuple(ip_network(network) for network in networks)


def inward() -> tuple[str, ...]:
    """Which networks may be reached beside the world, as they were said."""
    return tuple(map(str, _inward))


def is_let(address: Address) -> bool:
    """The address is public, or lies in a network that may be reached."""
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
    """The addresses of `host`, in the order to try them. NotKnown without any; PointsInward when one is inward."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotKnown from None
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    # Any of them: a name with two faces is not to be believed.
    if not addresses or not all(is_let(ip_address(address)) for address in addresses):
        raise PointsInward
    return addresses
