"""The control panel: tell a department how to behave."""

import html
import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from demo.departments.moods import Mood, Moods

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Departments of the demo</title><h1>Departments of the demo</h1>
<p>Everything here is made up. Choose how each department system behaves.</p>{forms}</html>"""
_FORM = """<form method="post" action="/control"><h2>{name}</h2><input type="hidden" name="department" value="{name}">
<label>Behaviour <select name="mood">{options}</select></label> <button>Set</button></form>"""


@dataclass(frozen=True)
class _Order:
    department: str
    mood: Mood
    slow_seconds: float | None

    @classmethod
    def read(cls, given: dict[str, Any]) -> "_Order":
        """KeyError, TypeError or ValueError for what cannot be understood."""
        seconds = given.get("slow_seconds") if isinstance(given, dict) else None
        return cls(given["department"], Mood(given["mood"]), None if seconds is None else float(seconds))


def _fields(raw: bytes) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(raw.decode()).items()}


class Control(ThreadingHTTPServer):
    """Listens on loopback; what it is told goes into `moods`."""

    daemon_threads = True

    def __init__(self, port: int, moods: Moods) -> None:
        super().__init__(("127.0.0.1", port), _Panel)
        self.moods = moods


class _Panel(BaseHTTPRequestHandler):
    server: Control

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, kind: str, body: str, **headers: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """`/control/health`, `/control` as JSON, anything else as a page."""
        if self.path == "/control":
            self._answer(200, "application/json", json.dumps(self.server.moods.all()))
            return
        if self.path == "/control/health":
            self._answer(200, "application/json", "{}")
            return
        forms = []
        for name, now in self.server.moods.all().items():
            options = "".join(f"<option{' selected' if mood == now else ''}>{mood}</option>" for mood in Mood)
            forms.append(_FORM.format(name=html.escape(name), options=options))
        self._answer(200, "text/html; charset=utf-8", _PAGE.format(forms="".join(forms)))

    def do_POST(self) -> None:
        """`department` and `mood`, as a form or as JSON."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        as_json = "json" in self.headers.get("Content-Type", "")
        try:
            told = _Order.read(json.loads(raw) if as_json else _fields(raw))
            self.server.moods.set(told.department, told.mood, slow_seconds=told.slow_seconds)
        except (ValueError, TypeError, KeyError):
            wanted = "department, mood and perhaps slow_seconds (0-600)"
            self._answer(400, "application/json", json.dumps({"error": f"give {wanted} of those in /control"}))
            return
        if as_json:
            self._answer(200, "application/json", json.dumps(self.server.moods.all()))
        else:
            self._answer(303, "text/plain", "", Location="/")
