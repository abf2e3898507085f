"""Oura and Polar AccessLink on loopback, under /oura and /polar."""

import base64
import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from demo.makers import data
from demo.makers.accounts import CLIENT, SECRET, Books, Refused, life, today

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{maker} (made up)</title><h1>{maker} (made up)</h1>
<p>The city asks to read your days, nights, workouts and heart rates.</p>
<form method="post"><button name="said" value="yes">Allow</button>
<button name="said" value="no">Do not allow</button></form>"""
_TAKE_BACK = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Makers (made up)</title>
<h1>Makers (made up)</h1>
<p>Take a permission back as if in the maker's own app.</p><form method="post" action="/take-back">
<button name="maker" value="oura">Oura</button> <button name="maker" value="polar">Polar</button></form>"""


class Makers(ThreadingHTTPServer):
    """Both makers, in this memory."""

    daemon_threads = True

    def __init__(self, port: int, *, portal: str) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.oura = Books(f"{portal}/devices/tied/oura/", lasts=86400)
        self.polar = Books(f"{portal}/devices/tied/polar/", lasts=None)

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Makers

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _come(self) -> tuple[Books, str, dict[str, str]]:
        parts = urlsplit(self.path)
        _, maker, rest = (parts.path + "//").split("/", 2)
        books = self.server.polar if maker == "polar" else self.server.oura
        books.asked.append(f"{self.command} {self.path}")
        return books, f"/{rest.rstrip('/')}", dict(parse_qsl(parts.query))

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        page = isinstance(body, str)
        content = b"" if body is None else body.encode() if page else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if page else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """The page that asks, and data."""
        if self.path in ("/", "/health"):
            self._answer(200, _TAKE_BACK)
            return
        books, path, query = self._come()
        if path.endswith(("/authorize", "/authorization")):
            self._answer(200, _PAGE.format(maker=html.escape("Polar" if books is self.server.polar else "Oura")))
        elif self._is_let(books):
            self._give(books, path, query)

    def do_POST(self) -> None:
        """A yes or a no, a code to trade, a token to end, a user to register."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/take-back":
            books = self.server.polar if "polar" in raw else self.server.oura
            books.take_back()
            self._answer(303, "", Location="/")
            return
        books, path, query = self._come()
        if path.endswith(("/authorize", "/authorization")):
            self._said(books, query, dict(parse_qsl(raw)))
        elif books.is_silent:
            self._answer(503, {})
        elif path.endswith("/token"):
            self._trade(books, dict(parse_qsl(raw)))
        elif path == "/oauth/revoke":
            books.access.discard(dict(parse_qsl(raw)).get("token", ""))
            self._answer(200, {})
        elif path == "/v3/users" and self._is_let(books, registered=True):
            books.registered.add(json.loads(raw)["member-id"])
            self._answer(200, {"polar-user-id": 475})

    def do_DELETE(self) -> None:
        """Polar's user is registered no longer."""
        books, path, _ = self._come()
        if path == "/v3/users/475" and self._is_let(books):
            books.take_back()
            self._answer(204, None)

    def _said(self, books: Books, query: dict[str, str], form: dict[str, str]) -> None:
        told = {"state": query.get("state", "")}
        try:
            told |= {"code": books.code_for(query)} if form.get("said") == "yes" else {"error": "access_denied"}
        except (ValueError, KeyError):
            self._answer(400, "This question is not as it must be.")
            return
        self._answer(303, "", Location=f"{books.back}?{urlencode(told)}")

    def _trade(self, books: Books, form: dict[str, str]) -> None:
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        in_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        known = self.headers.get("Authorization") == basic if books is self.server.polar else in_form
        try:
            if not known:
                raise Refused("invalid_client")
            self._answer(200, books.traded(form))
        except Refused as refused:
            self._answer(401 if str(refused) == "invalid_client" else 400, {"error": str(refused)})

    def _is_let(self, books: Books, *, registered: bool = False) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if books.is_silent:
            self._answer(503, {})
        elif books.is_unpaid:
            self._answer(401, {"detail": "expired_oura_membership"})
        elif token not in books.access:
            self._answer(401, {"error": "unauthorized"})
        elif books.wait:
            self._answer(429, {}, Retry_After=str(books.wait))
        elif books is self.server.polar and not registered and not books.registered:
            self._answer(403, {})
        else:
            return True
        return False

    def _give(self, books: Books, path: str, query: dict[str, str]) -> None:
        if books is self.server.oura:
            first, after = (query.get(f"{name}_date") or query[f"{name}_datetime"][:10] for name in ("start", "end"))
            if path.rpartition("/")[2] in books.withheld:
                self._answer(403, {})
                return
            days = life(books.first, date.fromisoformat(first), date.fromisoformat(after) - timedelta(days=1))
            # Two pages, as a long answer has.
            rows, page = data.oura(path.rpartition("/")[2], days), query.get("next_token")
            half = len(rows) // 2
            told = {"data": rows[half:], "next_token": None} if page else {"data": rows[:half], "next_token": "second"}
            self._answer(200, told)
            return
        month = life(books.first, today() - timedelta(days=28), today())
        if path == "/v3/users/activities":
            since, until = date.fromisoformat(query["from"]), date.fromisoformat(query["to"])
            self._answer(200, data.polar_activities(life(books.first, since, until)))
        elif path == "/v3/users/sleep":
            self._answer(200, data.polar_nights(month))
        else:
            self._answer(200, data.polar_exercises(month))


@contextmanager
def makers(port: int = 0, *, portal: str) -> Iterator[Makers]:
    """Run in a thread."""
    server = Makers(port, portal=portal)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
