"""Where a resident may be led back to: exactly an address that was confirmed, or below it."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_PORTS = range(1, 65536)
# Only what every reader of addresses reads alike: no percent sign, no backslash, no second slash, no dots that climb.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


def is_return_address(address: str, *, plain_http: bool = False) -> bool:
    """By its looks: https (on loopback in a demo http), a host in small letters, a plain path, and nothing else."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    loopback = plain_http and parts.scheme == "http" and host in {"127.0.0.1", "localhost"}
    good = parts.scheme == "https" or loopback
    # Written again it is the same: nothing was left out by whoever took it apart.
    written = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path}"
    return (
        good
        and (port is None or port in _PORTS)
        and bool(_HOST.fullmatch(host))
        and bool(parts.path.startswith("/") and _PATH.fullmatch(parts.path))
        and written == address
    )


def is_at_or_below(address: str, confirmed: Iterable[str]) -> bool:
    """`address` is one of those confirmed, or lies below one that ends with a slash; both by `is_return_address`."""
    return any(address == each or (each.endswith("/") and address.startswith(each)) for each in confirmed)
