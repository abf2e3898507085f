"""A department's own side of an errand: the link that leads to one question, and the result that comes back.

This is the whole of what a department has to write (docs/return-link.md).
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

_HOLDS = 10 * 60


class NotBelieved(Exception):
    """What came back was not signed by the portal, not for this service, or is old."""


@dataclass(frozen=True)
class Errands:
    """`base` is the portal's address, `key_file` what `make_client` wrote."""

    base: str
    key_file: Path

    def link(self, purpose: str, *, return_to: str, state: str, subject: str = "") -> str:
        """Where to send the browser. `state`: a word by which the page knows its own visitor again."""
        kept = json.loads(self.key_file.read_text())
        key, now = ECKey.import_key(kept["key"]), int(time.time())
        claims = {
            "iss": kept["client_id"],
            "aud": f"{self.base}/errand/",
            "iat": now,
            "exp": now + _HOLDS,
            "jti": str(uuid4()),
            "purpose": purpose,
            "return_to": return_to,
            "state": state,
        } | ({"subject": subject} if subject else {})
        signed = jwt.encode({"alg": "ES256", "kid": key.kid or "", "typ": "errand+jwt"}, claims, key)
        return f"{self.base}/errand/?{urlencode({'link': signed})}"

    def came_back(self, result: str, *, state: str) -> dict[str, Any]:
        """What the portal says: `result` is `answered` or `later`. NotBelieved."""
        try:
            keys = KeySet.import_key_set(httpx2.get(f"{self.base}/.well-known/jwks.json").raise_for_status().json())
            read = jwt.decode(result, keys, algorithms=["ES256"])
        except (JoseError, ValueError):
            raise NotBelieved from None
        told: dict[str, Any] = read.claims
        mine = json.loads(self.key_file.read_text())["client_id"]
        good = (
            read.header.get("typ") == "errand-result+jwt"
            and (told.get("iss"), told.get("aud"), told.get("state")) == (self.base, mine, state)
            and told.get("exp", 0) > time.time()
        )
        if not good:
            raise NotBelieved
        return told
