"""Three services of the city, one for each core process, that ask in the errand at hand: each leads its visitor to one
question in the portal and back again, and then asks the portal what it may.

Whoever the visitor says they are stands in for the service's own log-in. Nothing is kept but the word of each visit.
"""

import argparse
import html
import json
import secrets
import signal
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from demo.client import Department
from demo.errands import Errands, NotBelieved
from demo.people import everyone, pinned

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem}}
a,button{{display:inline-block;min-height:44px;line-height:44px}}</style><main><h1>{title}</h1>
<p>Everything here is made up. This is a department's own service, not the portal.</p>
"""
_MOST_VISITS = 1000


@dataclass(frozen=True)
class Service:
    """`core` is the core process that it serves; `before` and `after`: what the visitor is doing here."""

    slug: str
    department: str
    title: str
    core: str
    purpose: str
    datasets: tuple[str, ...]
    before: str
    allowed: str
    not_allowed: str


SERVICES = {
    each.slug: each
    for each in (
        Service(
            "swimming",
            "sports",
            "Swimming courses",
            "customer relations",
            "swimming-reminders",
            ("sports-courses",),
            "You enrol for a course. Would you like a reminder before it starts?",
            "You get a reminder before the course starts.",
            "You are enrolled all the same. There is no reminder.",
        ),
        Service(
            "daycare",
            "early-education",
            "Applying for a place in day care",
            "arranging services",
            "free-place-news",
            ("early-education-applications",),
            "You apply for a place. Would you like to hear when one becomes free?",
            "You hear of a place that becomes free.",
            "Your application goes on all the same. There is no news.",
        ),
        Service(
            "library",
            "library",
            "The library's reading room",
            "producing services",
            "reading-tips",
            ("library-loans",),
            "You look for something to read. Would you like tips from your own loans?",
            "You get a tip once a month.",
            "You borrow all the same. There are no tips.",
        ),
    )
}


@dataclass
class Visits:
    """{state: (service, who)}, the latest thousand."""

    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def begin(self, service: str, who: str) -> str:
        """A new word for this visit."""
        while len(self.known) >= _MOST_VISITS:
            self.known.pop(next(iter(self.known)))
        state = secrets.token_urlsafe(16)
        self.known[state] = (service, who)
        return state


class Services(ThreadingHTTPServer):
    """Listens on loopback. `keys`: the key file of each department's own program."""

    daemon_threads = True

    def __init__(self, port: int, portal: str, keys: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", port), _Page)
        self.portal, self.keys, self.visits = portal, keys, Visits()
        self.people = {person.slug: person for person in everyone()}
        self.callers = {department: Department(portal, key) for department, key in keys.items()}

    @property
    def url(self) -> str:
        """Where the three are."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def leads(self, service: Service, who: str) -> str:
        """The link for this visitor: they are named by the pseudonym that this department has for them."""
        code = self.people[who].identity_code
        (answer,) = self.callers[service.department].check(service.purpose, [*service.datasets], [code])
        state = self.visits.begin(service.slug, who)
        errands = Errands(self.portal, self.keys[service.department])
        back = f"{self.url}/{service.slug}/back/"
        return errands.link(service.purpose, return_to=back, state=state, subject=answer["subject"])

    def welcomes(self, service: Service, state: str, result: str) -> str:
        """Who comes back: the word is this visit's, the portal signed it, and a check says what may be done."""
        slug, who = self.visits.known.pop(state, ("", ""))
        if slug != service.slug:
            raise NotBelieved
        told = Errands(self.portal, self.keys[service.department]).came_back(result, state=state)
        code = self.people[who].identity_code
        (answer,) = self.callers[service.department].check(service.purpose, [*service.datasets], [code])
        words = "You answered in the portal." if told["result"] == "answered" else "You answer another time."
        return (
            f"<h2>Welcome back</h2><p>{words}</p><p>{service.allowed if answer['allowed'] else service.not_allowed}</p>"
        )


class _Page(BaseHTTPRequestHandler):
    server: Services

    def log_message(self, *_: Any) -> None:
        """Quiet: an address holds what the portal signed."""

    def _answer(self, status: int, title: str, told: str) -> None:
        content = f"{_HEAD.format(title=title)}{told}</main></html>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """`/`, `/<service>/?person=slug`, `/<service>/back/?state=...&result=...`."""
        address = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(address.query).items()}
        parts = [part for part in address.path.split("/") if part]
        service = SERVICES.get(parts[0]) if parts else None
        if not parts:
            self._answer(200, "Services of the demo", _all())
        elif service is None or parts[1:] not in ([], ["back"]):
            self._answer(404, "Not here", '<p><a href="/">All services</a></p>')
        else:
            self._serve(service, said, came_back=parts[1:] == ["back"])

    def _serve(self, service: Service, said: dict[str, str], *, came_back: bool) -> None:
        try:
            if came_back:
                told = self.server.welcomes(service, said.get("state", ""), said.get("result", ""))
            else:
                told = self._asks(service, said.get("person", ""))
            self._answer(200, service.title, told)
        except NotBelieved:
            self._answer(400, service.title, "<p>That did not come from the portal, or is old. Begin again.</p>")
        except httpx2.HTTPError as fault:
            self._answer(502, service.title, f"<p>The portal could not be asked: {type(fault).__name__}.</p>")

    def _asks(self, service: Service, who: str) -> str:
        if who not in self.server.people:
            chosen = "".join(
                f'<li><a href="/{service.slug}/?{urlencode({"person": person.slug})}">'
                f"{html.escape(person.given_names)} {html.escape(person.family_name)}</a></li>"
                for person in pinned()
            )
            return f"<p>{service.before}</p><p>Who are you here?</p><ul>{chosen}</ul>"
        link = html.escape(self.server.leads(service, who), quote=True)
        return f'<p>{service.before}</p><p><a id="ask" href="{link}">Read the question and answer</a></p>'


def _all() -> str:
    rows = "".join(f'<li><a href="/{each.slug}/">{each.title}</a> ({each.core})</li>' for each in SERVICES.values())
    return f"<p>One for each of the city's three core processes.</p><ul>{rows}</ul>"


def main() -> None:
    """Until told to stop."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--portal", required=True)
    arguments.add_argument("--keys", type=json.loads, required=True, help='{"sports": "its key file", ...}')
    arguments.add_argument("--port", type=int, required=True)
    given = arguments.parse_args()
    keys = {department: Path(key) for department, key in given.keys.items()}
    services = Services(given.port, given.portal, keys)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=services.shutdown).start())
    services.serve_forever()
    services.server_close()


if __name__ == "__main__":
    main()
