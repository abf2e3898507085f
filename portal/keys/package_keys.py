"""Keys of packages between cities: what is published of them, for how long, and which open what was sealed to us."""

from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import ECKey

from portal.keys.errors import KeyMissing
from portal.keys.ring import Jwk, ring

# A package lives so long at most: an older key is published for as long after it was rotated, and no longer.
PACKAGES_LIVE = timedelta(days=30)
SIGNING, SEALING = "packages", "package_encryption"


def published_keys(*, at: datetime) -> list[dict[str, Any]]:
    """Public JWKs with which packages of ours may be verified, and sealed to us, oldest first.

    `purpose` tells them from the city's other keys. A key that was withdrawn stays, with `withdrawn_at`: whoever has a
    package that it signed must be able to know.
    """
    return [_told(name, key) for name in (SIGNING, SEALING) for key in _held(name) if _is_shown(key, at)]


def opening_key(kid: str) -> ECKey:
    """The private key, of any version still held, to whose public half something was sealed. KeyMissing."""
    for key in _held(SEALING):
        if key.get("kid") == kid and "d" in key:
            return ECKey.import_key(key)
    raise KeyMissing("No key of the key ring opens this.")


def _held(name: str) -> list[Jwk]:
    # Rings that were made before there were packages have none until one is made (`rotate_signing_key`).
    return ring().signing.get(name, [])


def _is_shown(key: Jwk, at: datetime) -> bool:
    rotated = key.get("rotated_at")
    return rotated is None or "withdrawn_at" in key or datetime.fromisoformat(str(rotated)) > at - PACKAGES_LIVE


def _told(name: str, key: Jwk) -> dict[str, Any]:
    public = ECKey.import_key(key).as_dict(private=False)
    return {word: value for word, value in public.items() if word != "rotated_at"} | {
        "purpose": SIGNING,
        "kid": key["kid"],
    }
