"""The desk of sports services: a page that asks the portal before it shows anything of a customer.

It keeps nothing and remembers nothing: what a resident allows is seen at the next press, and is gone at the one after
they have taken it back.
"""

import argparse
import html
import signal
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2

from demo.client import Department
from demo.people import pinned

PURPOSE, DATASET = "swimming-reminders", "sports-courses"
COUNSELLING, WEEKS = "exercise-counselling", "wellbeing-weekly"
_CASE = "desk"
_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sports desk of the demo</title><style>body{font:1.1rem/1.5 sans-serif;max-width:46rem;margin:1rem auto;
padding:0 1rem}table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem .3rem 0}</style>
<h1>Sports desk</h1><p>Everything here is made up. This is a department's own program: it asks the portal each time.</p>
"""
_FORM = """<form method="post" action="/"><label>Who is at the desk? <select name="person">{options}</select></label>
<button>Ask the portal</button></form>"""


class Desk(ThreadingHTTPServer):
    """Listens on loopback; asks by the client of sports services."""

    daemon_threads = True

    def __init__(self, port: int, department: Department) -> None:
        super().__init__(("127.0.0.1", port), _Page)
        self.department = department
        self.people = {person.slug: person for person in pinned()}

    def asked(self, slug: str) -> str:
        """What the portal says of one of the demo's people, as HTML; KeyError when there is none of that name."""
        code = self.people[slug].identity_code
        (answer,) = self.department.check(PURPOSE, [DATASET], [code])
        given = self.department.disclose(PURPOSE, code, [DATASET], case=_CASE)
        return _told(answer, given["datasets"][0], given["entry"]) + self._weeks(code)

    def _weeks(self, code: str) -> str:
        """Beside the courses, what the customer's own watch measured, where they allow it: asked for no sooner."""
        (answer,) = self.department.check(COUNSELLING, [WEEKS], [code])
        head = f"<h2>May the counsellor see the weeks of their watch? {'Yes' if answer['allowed'] else 'No'}</h2>"
        if not answer["allowed"]:
            return f"{head}<p>Reason: <code>{html.escape(answer['reason'])}</code>.</p>"
        part = self.department.disclose(COUNSELLING, code, [WEEKS], case=_CASE)["datasets"][0]
        return head + (_table(part) if part["records"] else "<p>The portal holds no weeks of this person.</p>")


def _told(answer: Mapping[str, Any], part: Mapping[str, Any], entry: str) -> str:
    verdict = "Yes" if answer["allowed"] else "No"
    lines = [
        f"<h2>May we use the course data for reminders? {verdict}</h2>",
        f"<p>Reason: <code>{html.escape(answer['reason'])}</code>.</p>",
        f"<p>The resident now sees this in their log, as <code>{html.escape(entry)}</code>.</p>",
    ]
    if part["records"]:
        lines.append(_table(part))
    elif answer["allowed"]:
        lines.append("<p>The portal holds no courses of this person.</p>")
    if part["withheld"]:
        lines.append(f"<p>Not allowed, and not told: {html.escape(', '.join(part['withheld']))}.</p>")
    return "".join(lines)


def _table(part: Mapping[str, Any]) -> str:
    fields = part["fields"]
    head = "".join(f"<th>{html.escape(told['label']['en'])}</th>" for told in fields.values())
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(record[name] or ''))}</td>" for name in fields) + "</tr>"
        for record in part["records"]
    )
    return f"<table><tr>{head}</tr>{rows}</table><p>As the source told it {html.escape(part['as_of'])}.</p>"


class _Page(BaseHTTPRequestHandler):
    server: Desk

    def log_message(self, *_: Any) -> None:
        """Quiet: a form holds a name."""

    def _answer(self, status: int, told: str, chosen: str = "") -> None:
        options = "".join(
            f'<option value="{slug}"{" selected" if slug == chosen else ""}>'
            f"{html.escape(person.given_names)} {html.escape(person.family_name)}</option>"
            for slug, person in self.server.people.items()
        )
        content = f"{_HEAD}{_FORM.format(options=options)}{told}</html>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """The form."""
        self._answer(200 if self.path == "/" else 404, "")

    def do_POST(self) -> None:
        """`person`: a slug of the demo's people."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        slug = parse_qs(raw.decode(errors="replace")).get("person", [""])[0]
        try:
            self._answer(200, self.server.asked(slug), slug)
        except KeyError:
            self._answer(400, "<p>There is nobody of that name.</p>")
        except httpx2.HTTPError as fault:
            self._answer(502, f"<p>The portal could not be asked: {type(fault).__name__}.</p>", slug)


def main() -> None:
    """Until told to stop."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--portal", required=True)
    arguments.add_argument("--key", type=Path, required=True)
    arguments.add_argument("--port", type=int, required=True)
    given = arguments.parse_args()
    desk = Desk(given.port, Department(given.portal, given.key))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=desk.shutdown).start())
    desk.serve_forever()
    desk.server_close()


if __name__ == "__main__":
    main()
