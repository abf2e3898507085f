"""The control panel: tell a department how to behave."""

import html
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from demo.departments.moods import NAMES, Mood, Moods

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Departments of the demo</title><h1>Departments of the demo</h1>
<p>Everything here is made up. Choose how each department system behaves.</p>{forms}</html>"""
_FORM = """<form method="post" action="/control"><h2>{name}</h2><input type="hidden" name="department" value="{name}">
<label>Behaviour <select name="mood">{options}</select></label> <button>Set</button></form>"""


class Control(ThreadingHTTPServer):
    """`changed` is called after each change, with department and mood."""

    daemon_threads = True

    def __init__(self, port: int, moods: Moods, changed: Callable[[str, Mood], None]) -> None:
        super().__init__(("127.0.0.1", port), _Panel)
        self.moods, self.changed = moods, changed


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
        given = json.loads(raw) if as_json else {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        if given.get("department") not in NAMES or given.get("mood") not in set(Mood):
            self._answer(400, "application/json", json.dumps({"error": "unknown department or mood"}))
            return
        mood = Mood(given["mood"])
        self.server.moods.set(given["department"], mood)
        self.server.changed(given["department"], mood)
        if as_json:
            self._answer(200, "application/json", json.dumps(self.server.moods.all()))
        else:
            self._answer(303, "text/plain", "", Location="/")
