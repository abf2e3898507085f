"""A department's own program: a token by signed assertion, then questions to the portal, and records sent to it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ATTEMPTS, _PAUSE_SECONDS = 5, 2.0
_LINES_AT_ONCE = 500
_COME_AGAIN = {408, 409, 429, 500, 502, 503}


@dataclass(frozen=True)
class Told:
    """One record of one person, as it was observed then; `record` None means that it is held no more."""

    identity_code: str
    key: str
    observed_at: datetime
    record: dict[str, Any] | None

    def line(self) -> bytes:
        """As it is sent."""
        what = {"deleted": True} if self.record is None else {"record": self.record}
        named = {"identity_code": self.identity_code, "key": self.key, "observed_at": self.observed_at.isoformat()}
        return json.dumps(named | what, ensure_ascii=False).encode() + b"\n"


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

    def disclose(self, purpose: str, identity_code: str, datasets: list[str], *, case: str) -> dict[str, Any]:
        """Give me what this person, or the law, allows; the resident sees it in their log."""
        subject = {"identity_code": identity_code}
        body = {"purpose": purpose, "subject": subject, "datasets": datasets, "case": case}
        return self.act("POST", "disclosures/", body)

    def act(self, method: str, path: str, body: dict[str, Any], *, key: str = "") -> dict[str, Any]:
        """Change something below `/api/v1/`; the same key is done once. HTTPStatusError when it is refused."""
        headers = {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": key or str(uuid4())}
        answer = httpx2.request(method, f"{self.base}/api/v1/{path}", json=body, headers=headers)
        told: dict[str, Any] = answer.raise_for_status().json()
        return told

    def push(self, dataset: str, records: Callable[[], Iterable[Told]]) -> dict[str, Any]:
        """Send records as they come out of a generator, however many; the portal's counts.

        `records` begins anew at each attempt: all is sent again under the same key, and nothing is stored twice.
        """
        address, key = f"{self.base}/api/v1/datasets/{dataset}/records/", str(uuid4())
        for attempt in range(1, _ATTEMPTS + 1):
            headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/x-ndjson"}
            headers["Idempotency-Key"] = key
            try:
                answer = httpx2.post(address, content=_lines(records()), headers=headers, timeout=600)
            except httpx2.TransportError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                if answer.status_code not in _COME_AGAIN or attempt == _ATTEMPTS:
                    counts: dict[str, Any] = answer.raise_for_status().json()
                    return counts
            time.sleep(attempt * _PAUSE_SECONDS)
        raise AssertionError("The last attempt returns or raises.")


def _lines(records: Iterable[Told]) -> Iterator[bytes]:
    """Some hundred at a time: each part that a generator gives is a part of its own on the wire."""
    part: list[bytes] = []
    for told in records:
        part.append(told.line())
        if len(part) == _LINES_AT_ONCE:
            yield b"".join(part)
            part = []
    yield b"".join(part)
