"""How a department verifies a message of the portal (Standard Webhooks 1.0.0): signature first, then age."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence

OLDEST_SECONDS = 300


class NotBelieved(Exception):
    """The message is not the portal's, or not of now."""


def verify(keys: Sequence[str], headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> str:
    """The message's id. NotBelieved. `keys` are `whsec_...`: while they change, the new one and the old one."""
    told = {name.lower(): value for name, value in headers.items()}
    message, stamp = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not message or not (stamp.isascii() and stamp.isdecimal()):
        raise NotBelieved
    signed = f"{message}.{stamp}.".encode() + body
    wanted = [_signature(key, signed) for key in keys]
    shown = told.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(each.encode(), one.encode()) for each in wanted for one in shown):
        raise NotBelieved
    if abs((time.time() if now is None else now) - int(stamp)) > OLDEST_SECONDS:
        raise NotBelieved
    return message


def _signature(key: str, signed: bytes) -> str:
    secret = base64.b64decode(key.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
