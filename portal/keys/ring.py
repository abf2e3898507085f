"""The key ring: versioned secrets by name, read from a file outside the database, or from the environment."""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from portal.keys.errors import KeyMissing

Jwk = dict[str, str | list[str]]


@dataclass(frozen=True)
class KeyRing:
    """`secrets[name][version]` are 32 bytes; `signing[name]` are private JWKs, the newest last.

    `moving[name]`: the oldest version that rows may still be on, while a key is being changed.
    """

    secrets: dict[str, dict[int, bytes]]
    signing: dict[str, list[Jwk]]
    moving: Mapping[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "KeyRing(...)"

    def newest(self, name: str) -> tuple[int, bytes]:
        """(version, 32 bytes) of the key that new things are sealed with."""
        versions = self.secrets.get(name)
        if not versions:
            raise KeyMissing(f"The key ring has no key named {name}.")
        version = max(versions)
        return version, versions[version]

    def version(self, name: str, version: int) -> bytes:
        """The 32 bytes of one version."""
        try:
            return self.secrets[name][version]
        except KeyError:
            raise KeyMissing(f"The key ring has no version {version} of the key {name}.") from None

    def chain(self, name: str) -> list[bytes]:
        """All versions, the oldest first: of what each newer key is laid over."""
        versions = self.secrets.get(name)
        if not versions:
            raise KeyMissing(f"The key ring has no key named {name}.")
        return [versions[version] for version in sorted(versions)]

    def behind(self, name: str) -> int:
        """How many versions before the newest rows may still be on; 0 when nothing moves."""
        oldest = self.moving.get(name)
        return 0 if oldest is None else sum(oldest <= version for version in self.secrets[name]) - 1


# Seconds: so long after a change every process knows of it.
LOOK_EVERY = 0.5
KEY_BYTES = 32
_known: dict[Path, tuple[float, int, KeyRing]] = {}


def ring() -> KeyRing:
    """The key ring as its file stands: a key that was changed is in use in every process within half a second."""
    if settings.KEY_RING:
        return _of_environment(settings.KEY_RING)
    path: Path = settings.KEY_RING_FILE
    known, now = _known.get(path), time.monotonic()
    if known and now < known[0]:
        return known[2]
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise KeyMissing(f"There is no key ring at {path}; `manage.py make_keys` makes one.") from None
    kept = known[2] if known and known[1] == changed else _read(path)
    _known[path] = now + LOOK_EVERY, changed, kept
    return kept


@lru_cache(maxsize=1)
def _of_environment(text: str) -> KeyRing:
    return _parsed(text, "The key ring in KEY_RING")


def _read(path: Path) -> KeyRing:
    try:
        text = path.read_text()
    except ValueError:
        text = ""
    return _parsed(text, f"The key ring at {path}")


def _parsed(text: str, whose: str) -> KeyRing:
    try:
        raw = json.loads(text)
        secrets = {
            name: {int(version): _secret(key) for version, key in versions.items()}
            for name, versions in raw["secrets"].items()
        }
        moving = {name: int(told["from"]) for name, told in raw.get("moving", {}).items()}
        return KeyRing(secrets=secrets, signing=raw["signing"], moving=moving)
    except (ValueError, KeyError, TypeError, AttributeError):
        # What stands in it is not told, nor is where in it the fault lies.
        raise KeyMissing(f"{whose} cannot be read.") from None


def _secret(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise binascii.Error
    return key


def read_anew(path: Path) -> None:
    """The file was changed just now, by this process."""
    _known.pop(path, None)
