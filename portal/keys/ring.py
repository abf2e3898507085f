"""The key ring: versioned secrets by name, read once from a file outside the database."""

import base64
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from portal.keys.errors import KeyMissing

SYMMETRIC = ("wrap", "sources", "sessions", "names", "salts", "index", "pairwise", "digest")
SIGNING = ("tokens", "receipts", "login", "login_encryption", "checkpoints")
# What was signed with an older key is verified with its public half; nothing else needs the private one.
ROTATED = ("tokens", "receipts")


Jwk = dict[str, str | list[str]]


@dataclass(frozen=True)
class KeyRing:
    """`secrets[name][version]` are 32 bytes; `signing[name]` are private JWKs, the newest last."""

    secrets: dict[str, dict[int, bytes]]
    signing: dict[str, list[Jwk]]

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


_LOOK_EVERY = 0.5
_known: dict[Path, tuple[float, int, KeyRing]] = {}


def ring() -> KeyRing:
    """The key ring as its file stands: a key that was changed is in use in every process within half a second."""
    path: Path = settings.KEY_RING_FILE
    known, now = _known.get(path), time.monotonic()
    if known and now < known[0]:
        return known[2]
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise KeyMissing(f"There is no key ring at {path}; `manage.py make_keys` makes one.") from None
    kept = known[2] if known and known[1] == changed else _read(path)
    _known[path] = now + _LOOK_EVERY, changed, kept
    return kept


def _read(path: Path) -> KeyRing:
    raw = json.loads(path.read_text())
    secrets = {
        name: {int(version): base64.b64decode(key) for version, key in versions.items()}
        for name, versions in raw["secrets"].items()
    }
    return KeyRing(secrets=secrets, signing=raw["signing"])


def _signing_key(name: str) -> Jwk:
    if name == "checkpoints":
        key: OKPKey | ECKey | RSAKey = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
    elif name == "login":
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    elif name == "login_encryption":
        key = RSAKey.generate_key(2048, {"use": "enc", "alg": "RSA-OAEP-256"}, auto_kid=True)
    else:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return key.as_dict(private=True)


def make_ring(path: Path) -> None:
    """Write a new key ring, readable by this user only; an existing one is never overwritten."""
    content = {
        "secrets": {name: {"1": base64.b64encode(os.urandom(32)).decode()} for name in SYMMETRIC},
        "signing": {name: [_signing_key(name)] for name in SIGNING},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1)


def rotate_signing_key(path: Path, name: str) -> str:
    """Sign with a new key from now on, and return its `kid`. Of the older ones only the public halves are kept.

    The file is replaced in one step. FileExistsError when another is at it, or was broken off: `<file>.new` tells.
    """
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        content = json.loads(path.read_text())
        older = [JWKRegistry.import_key(key).as_dict(private=False) for key in content["signing"][name]]
        newest = _signing_key(name)
        content["signing"][name] = [*older, newest]
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _known.pop(path, None)
    return str(newest["kid"])
