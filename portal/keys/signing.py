"""Signing keys of the ring as joserfc keys, their public halves, and signatures that stand beside what is signed."""

import base64
import binascii
import json
import re
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from portal.keys.errors import KeyMissing, SignatureBroken, SignerUnknown
from portal.keys.ring import ring

SigningKey = ECKey | OKPKey | RSAKey


def signing_key(name: str) -> SigningKey:
    """The newest private key `name` (tokens, receipts, login, checkpoints), with its `kid`."""
    keys = ring().signing.get(name)
    if not keys:
        raise KeyMissing(f"The key ring has no signing key named {name}.")
    key = _imported(json.dumps(keys[-1]))
    if not isinstance(key, SigningKey):
        raise KeyMissing(f"The key ring's {name} is not a signing key.")
    return key


@lru_cache(maxsize=16)
def _imported(key: str) -> object:
    # Working a key out takes longer than signing with it: ten milliseconds for RSA, of which each sign-in needs two.
    return JWKRegistry.import_key(json.loads(key))


def public_keys(*names: str) -> list[dict[str, str | list[str]]]:
    """Public JWKs of every version of these keys, oldest first: old signatures verify for ever."""
    return [_told(key) for name in names for key in ring().signing.get(name, [])]


def _told(key: dict[str, Any]) -> dict[str, str | list[str]]:
    public = JWKRegistry.import_key(key).as_dict(private=False)
    # Rings that were made before it was written down: of this kind there is one (RFC 8037 §3.1).
    return {"alg": "EdDSA", **public} if public["kty"] == "OKP" else public


_DETACHED = re.compile(r"([A-Za-z0-9_-]{1,400})\.\.([A-Za-z0-9_-]{86})", re.ASCII)


def sign(name: str, content: bytes, *, kind: str) -> tuple[str, str]:
    """(kid, JWS with detached content: RFC 7515 appendix F), ES256, by the newest key `name`; `kind` is its `typ`."""
    key = signing_key(name)
    header = {"alg": "ES256", "kid": str(key.kid), "typ": kind}
    head, _, signature = jws.serialize_compact(header, content, key, algorithms=["ES256"]).split(".")
    return str(key.kid), f"{head}..{signature}"


def signer(name: str, signature: str, content: bytes, *, kind: str) -> str:
    """The `kid` of the key `name` that signed `content` as `kind`. SignerUnknown, SignatureBroken.

    Exactly what `sign` writes is taken: another spelling of the same bytes is none, nor is any other algorithm.
    """
    parts = _DETACHED.fullmatch(signature)
    header = _header(parts[1]) if parts else {}
    kid = header.get("kid")
    public = _public(name).get(kid) if isinstance(kid, str) else None
    if parts is None or public is None or header != {"alg": "ES256", "kid": kid, "typ": kind}:
        raise SignerUnknown("The signature names no key of ours.")
    if _encoded(base64.urlsafe_b64decode(parts[2] + "==")) != parts[2]:
        raise SignatureBroken("The signature is not over these bytes.")
    try:
        jws.deserialize_compact(f"{parts[1]}.{_encoded(content)}.{parts[2]}", public, algorithms=["ES256"])
    except (JoseError, ValueError):
        raise SignatureBroken("The signature is not over these bytes.") from None
    return str(kid)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _header(encoded: str) -> dict[str, Any]:
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    # Only one spelling of a header is ours: what reads the same may not be written otherwise.
    same = isinstance(header, dict) and _encoded(json.dumps(header, separators=(",", ":")).encode()) == encoded
    return header if same else {}


def _public(name: str) -> dict[str, ECKey]:
    keys = ring().signing.get(name, [])
    return {str(key["kid"]): ECKey.import_key({k: v for k, v in key.items() if k != "d"}) for key in keys}
