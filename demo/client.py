"""A department's own program: a token by signed assertion, then questions to the portal."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Department:
    """`key_file` is what `make_client` wrote."""

    base: str
    key_file: Path
    _token: str = ""
    _until: float = 0.0

    def token(self) -> str:
        """A token of ten minutes, kept until shortly before it ends."""
        if time.time() < self._until - 30:
            return self._token
        kept = json.loads(self.key_file.read_text())
        key = ECKey.import_key(kept["key"])
        now = int(time.time())
        claims = {
            "iss": kept["client_id"],
            "sub": kept["client_id"],
            "aud": f"{self.base}/oauth/token/",
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": jwt.encode({"alg": "ES256", "kid": key.kid or ""}, claims, key),
        }
        answer = httpx2.post(f"{self.base}/oauth/token/", data=form).raise_for_status().json()
        self._token, self._until = answer["access_token"], now + answer["expires_in"]
        return self._token

    def check(self, purpose: str, datasets: list[str], identity_codes: list[str]) -> list[dict[str, Any]]:
        """May I? One answer a person, in the order asked."""
        body = {
            "purpose": purpose,
            "datasets": datasets,
            "subjects": [{"identity_code": code} for code in identity_codes],
        }
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = httpx2.post(f"{self.base}/api/v1/checks/", json=body, headers=headers)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["answers"]
        return found

    def act(self, method: str, path: str, body: dict[str, Any], *, key: str = "") -> dict[str, Any]:
        """Change something below `/api/v1/`; the same key is done once. HTTPStatusError when it is refused."""
        headers = {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": key or str(uuid4())}
        answer = httpx2.request(method, f"{self.base}/api/v1/{path}", json=body, headers=headers)
        told: dict[str, Any] = answer.raise_for_status().json()
        return told
