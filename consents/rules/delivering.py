"""When a message is tried again, when an address is left alone, and which address may be written to at all.

After the Standard Webhooks specification 1.0.0 ("Retries", "Server-Side Request Forgery").
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

GIVE_UP_AFTER = timedelta(days=3)
FAILING_FOR = timedelta(days=7)
KEYS_OVERLAP = timedelta(hours=24)
LONGEST_URL = 500

_MINUTE, _HOUR = 60, 3600
_WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, _MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR)
)
# A wait is up to a fifth longer, so that what failed together does not come back together.
_JITTER = 0.2
_FIRST_REST, _LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
_GROWS = 3
# Elsewhere than where web servers listen, a message could talk to something that is none.
_PORTS = {443, 8443}
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def next_try(attempts: int, *, wanted_at: datetime, at: datetime, luck: float) -> datetime | None:
    """When to try again after so many attempts (1 or more); None after three days. `luck` is in [0, 1).

    The last try is made when the three days are over.
    """
    ends = wanted_at + GIVE_UP_AFTER
    if at >= ends:
        return None
    wait = _WAITS[min(attempts, len(_WAITS)) - 1]
    return min(at + wait * (1 + _JITTER * luck), ends)


def rest_until(failures: int, *, at: datetime, luck: float) -> datetime:
    """Until when an address is left alone after so many failures in a row (1 or more), whatever waits for it."""
    grown = _FIRST_REST * int(_GROWS ** min(failures - 1, 10))
    return at + min(grown, _LONGEST_REST) * (1 + _JITTER * luck)


def wants(kinds: Collection[str], kind: str) -> bool:
    """A webhook of these kinds is told of this one; of no kinds: of each."""
    return not kinds or kind in kinds


def flaw_of_address(url: str) -> str:
    """Why nothing may be sent to this address, as its writing alone shows; empty when it may.

    Plain http is for this machine only, which the operator of the portal must let as well.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is not an address."
    here = host in _THIS_MACHINE
    schemes = {"https", "http"} if here else {"https"}
    flaws = {
        "An address has at most 500 characters, all of them visible ASCII.": _is_long_or_odd(url),
        "An address of a webhook begins with https://.": parts.scheme not in schemes,
        "This is not an address.": not host,
        "An address carries no user name and no password.": "@" in parts.netloc,
        "An address has no part after #.": "#" in url,
        "Messages are sent to the ports 443 and 8443.": not here and (443 if port is None else port) not in _PORTS,
    }
    return next((sentence for sentence, holds in flaws.items() if holds), "")


def _is_long_or_odd(url: str) -> bool:
    return len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url
