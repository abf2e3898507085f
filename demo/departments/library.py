"""The library: a web interface with OAuth2 client credentials, cursor paging and a rate limit."""

import base64
import json
import random
import secrets
import threading
import time
from collections import deque
from datetime import date, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.departments.moods import Mood, Moods
from demo.people import everyone

CLIENT_ID = "portal"
NAME = "library"
_TODAY = date(2026, 11, 20)
_PAGE = 500
_PER_SECOND = 200
_TITLES = (
    "Muumipappa ja meri", "Seitsemän veljestä", "Sinuhe egyptiläinen", "Tuntematon sotilas", "Sommarboken", "Unioni",
    "Kalevala", "Tove", "Kirjasto paloi", "Puhdistus", "Ei enää Eddy", "A Short Walk", "Alastalon salissa", "Is",
)  # fmt: skip
_BRANCHES = ("main", "harbour", "mall", "bus")
Item = dict[str, Any]


@cache
def holdings() -> dict[str, list[Item]]:
    """{patrons, loans, holds, fees}: items ordered by identity code."""
    dice = random.Random(1794)
    told: dict[str, list[Item]] = {"patrons": [], "loans": [], "holds": [], "fees": []}
    for number, person in enumerate(everyone()):
        if person.slug == "veikko" or (person.story is None and dice.random() > 0.6):
            continue
        base = {"identity_code": person.identity_code}
        told["patrons"].append(
            base
            | {
                "card_number": f"29{number:010d}",
                "customer_group": "child" if person.born.year > 2010 else "adult",
                "language": person.language,
                "email": person.email,
                "joined_on": str(_TODAY - timedelta(days=dice.randint(90, 4000))),
                "pin_hash": secrets.token_hex(8),
                "loan_history_on": dice.random() < 0.2,
            }
        )
        for _ in range(dice.randint(1, 9)):
            lent = _TODAY - timedelta(days=dice.randint(0, 27))
            told["loans"].append(
                base
                | {
                    "loan_id": f"L{dice.randrange(10**8):08d}",
                    "title": dice.choice(_TITLES),
                    "branch": dice.choice(_BRANCHES),
                    "lent_on": str(lent),
                    "due_on": str(lent + timedelta(days=28)),
                    "renewals": dice.randint(0, 3),
                    "kind": dice.choice(("book", "audiobook", "film", "instrument")),
                }
            )
        for place in range(dice.randint(0, 3) + (3 if person.slug == "bjorn" else 0)):
            told["holds"].append(
                base | {"title": dice.choice(_TITLES), "queue_place": place + 1, "branch": dice.choice(_BRANCHES),
                        "placed_on": str(_TODAY - timedelta(days=dice.randint(1, 40))), "ready": place == 0}
            )  # fmt: skip
        if dice.random() < 0.15:
            told["fees"].append(base | {"reason": "overdue", "amount_cents": dice.choice((50, 120, 400)),
                                        "charged_on": str(_TODAY - timedelta(days=dice.randint(1, 200)))})  # fmt: skip
    return {name: sorted(items, key=lambda item: str(item["identity_code"])) for name, items in told.items()}


class Library(ThreadingHTTPServer):
    """Listens on loopback; `secret` is the portal's client secret."""

    daemon_threads = True

    def __init__(self, port: int, moods: Moods, *, secret: str) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        self.moods, self.secret = moods, secret
        self.tokens: dict[str, float] = {}
        self.recent: deque[float] = deque(maxlen=_PER_SECOND)
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def too_many(self) -> bool:
        """More than the limit within the last second."""
        with self.lock:
            now = time.monotonic()
            full = len(self.recent) == _PER_SECOND and now - self.recent[0] < 1
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
        items = holdings().get(parts.path.removeprefix("/v1/"))
        if items is None:
            self._answer(404, {"error": "not found"})
            return
        asked = parse_qs(parts.query)
        start = int(asked.get("cursor", ["0"])[0])
        limit = min(int(asked.get("limit", [str(_PAGE)])[0]), _PAGE)
        more = start + limit < len(items)
        self._answer(200, {"items": items[start : start + limit], "next": str(start + limit) if more else None})

    def do_POST(self) -> None:
        """`/oauth/token`, and `/v1/<kind>/search` with the identity code in the body."""
        body = self._body()
        if self.path == "/oauth/token":
            self._token(body)
            return
        if self._stopped():
            return
        items = holdings().get(self.path.removeprefix("/v1/").removesuffix("/search"))
        if items is None or not self.path.endswith("/search"):
            self._answer(404, {"error": "not found"})
            return
        code = str(json.loads(body or b"{}").get("identity_code", ""))
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
