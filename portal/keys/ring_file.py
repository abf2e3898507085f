"""Writing the key ring's file: made once, and replaced in one step whenever a key of it is changed."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from portal.keys.errors import KeyMissing, RingElsewhere, TooEarly
from portal.keys.package_keys import PACKAGES_LIVE
from portal.keys.ring import KEY_BYTES, Jwk, read_anew

SYMMETRIC = ("wrap", "sources", "sessions", "names", "salts", "index", "pairwise", "digest")
SIGNING = (
    "tokens",
    "receipts",
    "login",
    "login_encryption",
    "checkpoints",
    "packages",
    "package_encryption",
    "rulebook",
)
# What was signed with an older key is verified with its public half; nothing else needs the private one.
ROTATED = ("tokens", "receipts", "checkpoints", "packages", "package_encryption", "rulebook")
# Longer than any job or call runs: by then nobody goes on with what was read under an older version.
SETTLES_AFTER = timedelta(hours=2)
_Content = dict[str, Any]


def _signing_key(name: str) -> Jwk:
    key = _made(name)
    # Operators give its name to commands, which would take a dash for the beginning of an option.
    while str(key.kid).startswith("-"):
        key = _made(name)
    return key.as_dict(private=True)


def _made(name: str) -> OKPKey | ECKey | RSAKey:
    if name == "checkpoints":
        return OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
    if name == "login":
        return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    if name == "login_encryption":
        return RSAKey.generate_key(2048, {"use": "enc", "alg": "RSA-OAEP-256"}, auto_kid=True)
    if name == "package_encryption":
        return ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"}, auto_kid=True)
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def _new_secret() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _refuse_elsewhere() -> None:
    if settings.KEY_RING:
        raise RingElsewhere


def make_ring(path: Path) -> None:
    """Write a new key ring, readable by this user only; an existing one is never overwritten. RingElsewhere."""
    _refuse_elsewhere()
    content = {
        "secrets": {name: {"1": _new_secret()} for name in SYMMETRIC},
        "signing": {name: [_signing_key(name)] for name in SIGNING},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1)


@contextmanager
def _rewritten(path: Path) -> Iterator[_Content]:
    """The content, to be changed. FileExistsError when another is at it, or was broken off: `<file>.new` tells."""
    _refuse_elsewhere()
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        try:
            content = json.loads(path.read_text())
            yield content
        except BaseException:
            # Nothing was changed: the next one may begin.
            new.unlink()
            raise
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    read_anew(path)


def rotate_signing_key(path: Path, name: str, *, at: datetime) -> str:
    """Sign with a new key from now on, and return its `kid`. Of the older ones only the public halves are kept.

    What was sealed to an older key of packages is opened with its private half for as long as a package lives.
    """
    with _rewritten(path) as content:
        # A ring that was made before there was this key has none yet.
        older = [_older(name, key, at) for key in content["signing"].get(name, [])]
        newest = _signing_key(name)
        content["signing"][name] = [*older, newest]
    return str(newest["kid"])


def withdraw_signing_key(path: Path, kid: str, *, since: datetime, at: datetime) -> str | None:
    """A key of packages may be in other hands since `since`: say so in the key set from now on.

    The `kid` of the key that signs instead, when the one withdrawn was the newest. KeyMissing when none has this `kid`.
    """
    with _rewritten(path) as content:
        keys = content["signing"].get("packages", [])
        found = next((key for key in keys if key["kid"] == kid), None)
        if found is None:
            raise KeyMissing(f"No key of packages is named {kid}.")
        found["withdrawn_at"] = since.isoformat()
        if found is not keys[-1]:
            return None
        newest = _signing_key("packages")
        content["signing"]["packages"] = [*(_older("packages", key, at) for key in keys), newest]
    return str(newest["kid"])


def _older(name: str, key: Jwk, at: datetime) -> Jwk:
    if name not in {"packages", "package_encryption"}:
        return JWKRegistry.import_key(key).as_dict(private=False)
    rotated = str(key.get("rotated_at", at.isoformat()))
    opens = name == "package_encryption" and datetime.fromisoformat(rotated) > at - PACKAGES_LIVE
    return JWKRegistry.import_key(key).as_dict(private=opens) | {"rotated_at": rotated}


def add_version(path: Path, name: str, *, moves: bool, at: datetime) -> int:
    """A new version of a symmetric key, on which everything new is from now on; older ones stay. Its number.

    `moves`: rows of older versions are to be moved, until `settle`.
    """
    with _rewritten(path) as content:
        versions: dict[str, str] = content["secrets"][name]
        older = sorted(map(int, versions))
        versions[str(older[-1] + 1)] = _new_secret()
        if moves:
            moving = content.setdefault("moving", {})
            oldest = moving.get(name, {"from": older[-1]})["from"]
            moving[name] = {"from": oldest, "since": at.isoformat()}
    return older[-1] + 1


def settle(path: Path, name: str, *, keep_older: bool, at: datetime) -> None:
    """No row is on an older version any more: look for none, and forget those versions unless they are to be kept.

    TooEarly within two hours of the newest version: a job that read the ring before may go on with it.
    """
    with _rewritten(path) as content:
        told = content.get("moving", {}).get(name)
        if told is None:
            return
        if at - datetime.fromisoformat(told["since"]) < SETTLES_AFTER:
            raise TooEarly(f"The newest version of {name} is not two hours old.")
        del content["moving"][name]
        if not keep_older:
            newest = max(content["secrets"][name], key=int)
            content["secrets"][name] = {newest: content["secrets"][name][newest]}
