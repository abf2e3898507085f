"""Where connectors may connect to: the world outside, and inward only where the operator of this deployment lets them.

What a keeper writes as an address, or what a name server answers, must not lead to the portal's own database, to a
cloud's metadata service, or to a neighbour that trusts this machine (server-side request forgery). A name is looked up
once, and the very address that was looked at is connected to.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from datasources.errors import MisSet, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Carries an IPv4 address in its last four bytes (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")
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
    if within is not None:
        return is_let(within)
    return address.is_global and not address.is_multicast


def _within(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if not isinstance(address, IPv6Address):
        return None
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def looked_up(host: str, port: int) -> str:
    """The address to connect to for `host`. Unreachable when there is none; MisSet when one of them is not let."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("The name of the system's address is not known.") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    # Any of them: a name with two faces is not to be believed.
    if not addresses or not all(is_let(ip_address(address)) for address in addresses):
        raise MisSet(
            "The address of the system points inward, where the operator of this portal lets no reading go "
            "(SOURCES_MAY_POINT_INWARD)."
        )
    return addresses[0]
