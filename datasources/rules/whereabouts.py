"""Where a source is: secrets are given for one place, and go to no other."""

from collections.abc import Mapping
from typing import Any

# Settings that say to whom a secret is shown, or by what that system is known. A test holds that each is decided on.
PLACES = frozenset({"url", "token_url", "host", "port", "host_key", "ca"})


def has_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a secret that was given for `before` would be shown to another system with `after`."""
    return any(before.get(name) != after.get(name) for name in PLACES)
