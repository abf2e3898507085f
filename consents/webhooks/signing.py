"""Secrets of webhooks, and signatures by them (Standard Webhooks 1.0.0, "Signature scheme", symmetric)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from consents.errors import NotASecret

PREFIX = "whsec_"
_BYTES, _SHORTEST, _LONGEST = 32, 24, 64


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The 24 to 64 bytes that a secret stands for; NotASecret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise NotASecret from None
    if not secret.startswith(PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise NotASecret
    return key


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, seconds since 1970 and body, joined by full stops."""
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def headers(keys: Sequence[str], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a message carries; while keys change, a signature by each of them."""
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message, timestamp, body) for secret in keys),
    }
