"""A small web server that takes messages as Suomi.fi Messages does, and shows them on a page."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.messages.page import inbox_page
from demo.people import everyone

USERNAME, PASSWORD, SERVICE = "mydata", "made-up-password", "mydata-letters"
_LONGEST_BODY = 1_000_000
_WITHOUT = frozenset({"otso"})  # who has never opened the service
_WANTED = ("title", "body", "bodyFormat", "messageServiceType", "replyAllowedBy", "visibility")


class Mood(StrEnum):
    """How it behaves."""

    OK = "ok"
    SLOW = "slow"
    DOWN = "down"
    GARBLED = "garbled"
    FORGETS_TOKENS = "forgets-tokens"


@dataclass(frozen=True)
class Message:
    """One message that was taken."""

    id: int
    external_id: str
    to: str = field(repr=False)
    title: str
    body: str


class Refused(Exception):
    """An answer of 400; the message is its reason."""


class Messages(ThreadingHTTPServer):
    """Listens on loopback; keeps what it was given in this memory. `asked` are the request lines, for tests."""

    daemon_threads = True

    def __init__(self, port: int, *, slow_seconds: float = 10.0) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.mood, self.slow_seconds = Mood.OK, slow_seconds
        self.names = {person.identity_code: (person.slug, person.given_names) for person in everyone()}
        self.sent: dict[str, Message] = {}
        self.tokens: set[str] = set()
        self.asked: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def has_mailbox(self, identity_code: str) -> bool:
        """Whoever is made up here, but for a few."""
        return identity_code in self.names and self.names[identity_code][0] not in _WITHOUT

    def token(self, told: dict[str, Any]) -> dict[str, Any]:
        """`username` and `password` for a bearer token."""
        if (told.get("username"), told.get("password")) != (USERNAME, PASSWORD):
            raise Refused("Invalid credentials")
        made = secrets.token_urlsafe(24)
        self.tokens.add(made)
        return {"access_token": made, "token_type": "bearer"}

    def active(self, told: dict[str, Any]) -> dict[str, Any]:
        """Which of these people use the service."""
        asked = [str(user["id"]) for user in told["endUsers"]]
        return {"endUsersWithActiveMailbox": [{"id": code} for code in asked if self.has_mailbox(code)]}

    def take(self, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A new message, or 409 with the one that came before under the same name."""
        missing = [name for name in _WANTED if not told["electronic"].get(name)]
        if missing or told["sender"]["serviceId"] != SERVICE:
            raise Refused(f"Validation failed: {', '.join(missing) or 'serviceId'}")
        code, name = str(told["recipient"]["id"]), str(told["externalId"])
        if not self.has_mailbox(code):
            raise Refused("Recipient has no active mailbox")
        with self.lock:
            if before := self.sent.get(name):
                return 409, {"reason": "Message with the same externalId exists", "messageId": before.id}
            part = told["electronic"]
            self.sent[name] = Message(len(self.sent) + 1, name, code, part["title"], part["body"])
            return 200, {"messageId": self.sent[name].id}


class _Door(BaseHTTPRequestHandler):
    server: Messages
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing: whose message it is, is nobody's business."""

    def _answer(self, status: int, body: Any) -> None:
        page = isinstance(body, str)
        content = body.encode() if page else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if page else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """The page of messages, and whether it is up."""
        if self.path == "/health":
            self._answer(200, {"status": "ok"})
            return
        sent = reversed(list(self.server.sent.values()))
        self._answer(200, inbox_page((self.server.names[each.to][1], each.title, each.body) for each in sent))

    def do_POST(self) -> None:
        """The interface, in the mood of the moment."""
        self.server.asked.append(self.requestline)
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY))
        if not self._is_well():
            return
        try:
            self._do(json.loads(raw))
        except (Refused, KeyError, TypeError, ValueError) as refused:
            self._answer(400, {"reason": str(refused), "validationErrors": []})

    def _is_well(self) -> bool:
        match self.server.mood:
            case Mood.SLOW:
                time.sleep(self.server.slow_seconds)
            case Mood.DOWN:
                self._answer(503, {"reason": "Service unavailable"})
                return False
            case Mood.GARBLED:
                self._answer(200, "<html>Maintenance</html>")
                return False
            case Mood.FORGETS_TOKENS:
                self.server.tokens.clear()
                self.server.mood = Mood.OK
        return True

    def _do(self, told: dict[str, Any]) -> None:
        if self.path == "/v1/token":
            self._answer(200, self.server.token(told))
        elif self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.server.tokens:
            self._answer(401, {"reason": "Unauthorized"})
        elif self.path == "/v1/mailboxes/active":
            self._answer(200, self.server.active(told))
        elif self.path == "/v2/messages/electronic":
            self._answer(*self.server.take(told))
        else:
            self._answer(404, {"reason": "Not found"})


@contextmanager
def messages(port: int = 0) -> Iterator[Messages]:
    """Run in a thread."""
    server = Messages(port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
