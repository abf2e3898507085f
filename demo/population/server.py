"""Tells over HTTP for whom a person may act, as a city's integration layer does; the code stands in the body."""

import json
import secrets
import threading
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.people import everyone
from demo.population.mandates import MANDATES

Relation = dict[str, Any]


class Population(ThreadingHTTPServer):
    """Listens on loopback. What is told may be changed while it runs: `told[slug of the one acted for]`, `died`,
    `moved_away`, `new_codes`."""

    daemon_threads = True

    def __init__(self, port: int, *, token: str) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        self.token, self.silent = token, False
        self.slugs = {person.identity_code: person.slug for person in everyone()}
        self.lock = threading.Lock()
        self.told = relations()
        self.died: set[str] = set()
        self.moved_away: set[str] = set()
        self.new_codes: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def acts_for(self, code: str) -> list[Relation]:
        """Everyone this person has a right to act for, each with all guardians and with the asker's own rights."""
        with self.lock:
            found = [deepcopy(each) for each in self.told.values() if _names(each, code)]
        for each in found:
            each["rights"] = [
                right for right in each["rights"] if right["kind"] == "custody" or right["identity_code"] == code
            ]
        return found


def _names(relation: Relation, code: str) -> bool:
    return any(right["identity_code"] == code for right in relation["rights"])


def relations() -> dict[str, Relation]:
    """{slug: who they are and who may act for them}, of all who are acted for."""
    people = {person.slug: person for person in everyone()}
    told: dict[str, Relation] = {}
    for person in people.values():
        rights: list[Relation] = [
            {"identity_code": people[slug].identity_code, "kind": "custody"} for slug in person.guardians
        ]
        rights += [
            {"identity_code": people[mandate.holder].identity_code, "kind": mandate.kind, "bounds": mandate.bounds}
            for mandate in MANDATES
            if mandate.giver == person.slug
        ]
        if rights:
            told[person.slug] = {
                "identity_code": person.identity_code,
                "given_names": person.given_names,
                "family_name": person.family_name,
                "protected": person.protected,
                "rights": rights,
            }
    return told


class _Desk(BaseHTTPRequestHandler):
    server: Population
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        """`/relations` with `{"identity_code"}`."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = secrets.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.token}")
        if self.server.silent:
            self._answer(503, {"error": "closed"})
        elif not known:
            self._answer(401, {"error": "invalid_token"})
        elif self.path != "/relations":
            self._answer(404, {"error": "not found"})
        else:
            self._tell(body)

    def _tell(self, body: bytes) -> None:
        try:
            code = json.loads(body)["identity_code"]
        except (ValueError, TypeError, KeyError):
            self._answer(400, {"error": "identity_code is missing"})
            return
        slug, server = self.server.slugs.get(code), self.server
        themselves: dict[str, Any] = {"died": slug in server.died, "moved_away": slug in server.moved_away}
        themselves |= {"new_code": server.new_codes[slug]} if slug in server.new_codes else {}
        self._answer(200, {"acts_for": server.acts_for(code), **themselves})
