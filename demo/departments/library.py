"""The library: a web interface with OAuth2 client credentials, cursor paging and a rate limit."""

import base64
import json
import secrets
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.departments.holdings import Item, holdings
from demo.departments.moods import Mood, Moods

CLIENT_ID = "portal"
NAME = "library"
_PAGE = 500
_PER_SECOND = 200


class Library(ThreadingHTTPServer):
    """Listens on loopback; `secret` is the portal's client secret; `held` is what it holds, of its city."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        moods: Moods,
        *,
        secret: str,
        per_second: int = _PER_SECOND,
        held: dict[str, list[Item]] | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        self.moods, self.secret, self.held = moods, secret, held or holdings()
        self.tokens: dict[str, float] = {}
        self.recent: deque[float] = deque(maxlen=per_second)
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def too_many(self) -> bool:
        """More than the limit within the last second."""
        with self.lock:
            now = time.monotonic()
            full = len(self.recent) == self.recent.maxlen and now - self.recent[0] < 1
            self.recent.append(now)
            return full


class _Desk(BaseHTTPRequestHandler):
    server: Library
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing: request lines are nobody's business."""

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        content = json.dumps(body, ensure_ascii=False).encode() if not isinstance(body, bytes) else body
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _stopped(self) -> bool:
        """Answers instead of the desk when the mood or the limits say so."""
        mood = self.server.moods[NAME]
        self.server.moods.wait_if_slow(NAME)
        if mood is Mood.DOWN:
            self.close_connection = True
            self._answer(503, {"error": "closed"})
        elif mood is Mood.WRONG:
            self._answer(200, b"<html><body>Maintenance</body></html>")
        elif self.server.too_many():
            self._answer(429, {"error": "too many requests"}, Retry_After="1")
        elif self.server.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "), 0) < time.time():
            self._answer(401, {"error": "invalid_token"})
        else:
            return False
        return True

    def do_GET(self) -> None:
        """`/v1/<kind>?cursor=&limit=`: everyone's, ordered by identity code."""
        parts = urlsplit(self.path)
        if self._stopped():
            return
        items = self.server.held.get(parts.path.removeprefix("/v1/"))
        if items is None:
            self._answer(404, {"error": "not found"})
            return
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        start, limit = _number(asked.get("cursor", "0")), _number(asked.get("limit", str(_PAGE)))
        if start is None or not limit:
            self._answer(400, {"error": "cursor or limit cannot be read"})
            return
        end = start + min(limit, _PAGE)
        self._answer(200, {"items": items[start:end], "next": str(end) if end < len(items) else None})

    def do_POST(self) -> None:
        """`/oauth/token`, and `/v1/<kind>/search` with the identity code in the body."""
        body = self._body()
        if self.path == "/oauth/token":
            self._token(body)
            return
        if self._stopped():
            return
        items = self.server.held.get(self.path.removeprefix("/v1/").removesuffix("/search"))
        if items is None or not self.path.endswith("/search"):
            self._answer(404, {"error": "not found"})
            return
        code = _code(body)
        if not code:
            self._answer(400, {"error": "identity_code is missing"})
            return
        if self.server.moods[NAME] is Mood.OTHER_PERSON:
            code = next(item["identity_code"] for item in items if item["identity_code"] != code)
        self._answer(200, {"items": [item for item in items if item["identity_code"] == code], "next": None})

    def _token(self, body: bytes) -> None:
        expected = base64.b64encode(f"{CLIENT_ID}:{self.server.secret}".encode()).decode()
        known = secrets.compare_digest(self.headers.get("Authorization", ""), f"Basic {expected}")
        if self.server.moods[NAME] is Mood.DOWN:
            self._answer(503, {"error": "closed"})
        elif not known or parse_qs(body.decode()).get("grant_type") != ["client_credentials"]:
            self._answer(401, {"error": "invalid_client"})
        else:
            token = secrets.token_urlsafe(24)
            self.server.tokens[token] = time.time() + 600
            self._answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 600})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _code(body: bytes) -> str:
    try:
        asked = json.loads(body)
    except ValueError:
        return ""
    return str(asked.get("identity_code", "")) if isinstance(asked, dict) else ""
