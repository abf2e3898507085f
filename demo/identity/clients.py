"""What the demo's provider demands of the portal: a signed request, a signed assertion used once, PKCE."""

import base64
import hashlib
import json
import time
import urllib.request
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

_KEYS_LIFE = 600


class Refused(Exception):
    """The portal's message is not acceptable."""


class Portal:
    """One client of the provider, known by the address of its keys."""

    def __init__(self, client_id: str, base: str) -> None:
        self.client_id, self.base = client_id, base
        self.used: set[str] = set()
        self._keys: tuple[float, KeySet] | None = None

    def keys(self) -> KeySet:
        """The portal's public keys, fetched when a sign-in starts: while it trades a code it may have no ear for us."""
        if self._keys is None or self._keys[0] < time.time() - _KEYS_LIFE:
            with urllib.request.urlopen(f"{self.base}/.well-known/login-jwks.json", timeout=5) as answer:
                self._keys = (time.time(), KeySet.import_key_set(json.load(answer)))
        return self._keys[1]

    def encryption_key(self) -> RSAKey:
        """The key that ID tokens are encrypted to."""
        key = next(key for key in self.keys().keys if key.as_dict().get("use") == "enc")
        if not isinstance(key, RSAKey):
            raise Refused("the encryption key is not RSA")
        return key

    def signed_claims(self, token: str, *, audience: str) -> dict[str, Any]:
        """The claims of a JWT that the portal signed for `audience`, once, within the last minute."""
        try:
            claims = jwt.decode(token, self.keys(), algorithms=["RS256"]).claims
        except Exception as fault:
            raise Refused("not signed by the portal") from fault
        if claims.get("iss") != self.client_id or claims.get("aud") != audience:
            raise Refused("signed by or for someone else")
        if not time.time() - 60 < claims.get("exp", 0) < time.time() + 120 or claims.get("jti") in self.used:
            raise Refused("old or used before")
        self.used.add(str(claims.get("jti")))
        return claims


def pkce_holds(verifier: str, challenge: str) -> bool:
    """RFC 7636 §4.6, S256."""
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return made == challenge
