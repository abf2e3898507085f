"""The city that hands over, made up by the tests, and the resident's way there and back: for tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import LazySettings
from django.utils import timezone

from datasources.transfers.arriving.straight import fetch_arrival
from datasources.transfers.models import Arrival
from tests.arriving.bringing_packages import WORKER, made, newest
from tests.residents import Resident
from tests.transfers.cities import key_told
from tests.transfers.made import CITY, KEY
from tests.web import thread_of


class OldCity(BaseHTTPRequestHandler):
    """Keys, token and package of a city that hands over; `asked`: every call for a token.

    Where it `stalls` ("token", "package": half-way through), it tells by `stalled` and waits for `goes_on`.
    """

    package: bytes = b""
    waits: int = 0
    token_code = package_code = 200
    breaks_off = False
    loses = 0
    stalls = ""
    stalled: Event
    goes_on: Event
    asked: list[dict[str, str]]

    def do_GET(self) -> None:
        if self.path == "/.well-known/jwks.json":
            return self._say(200, json.dumps({"keys": [key_told(KEY)]}).encode())
        assert self.headers["Authorization"] == "Bearer opaque"
        there = type(self)
        if there.waits:
            there.waits -= 1
            return self._say(202, b'{"made": 3, "of": 12}', ("Retry-After", "7"))
        if there.breaks_off or there.stalls == "package":
            self.send_response(200)
            self.send_header("Content-Length", str(len(there.package)))
            self.end_headers()
            self.wfile.write(there.package[: len(there.package) // 2])
            return self._stall("package")
        return self._say(there.package_code, there.package)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        there = type(self)
        there.asked.append(form)
        if there.loses:
            # It was heard, and its answer never comes.
            there.loses -= 1
            self.close_connection = True
            return
        self._stall("token")
        answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 900}
        self._say(self.token_code, json.dumps(answer).encode())

    def _stall(self, where: str) -> None:
        if self.stalls == where:
            self.stalled.set()
            assert self.goes_on.wait(60)

    def _say(self, code: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(code)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        # Whoever asked may have been killed meanwhile.
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def old_city(settings: LazySettings, folder: Path) -> Iterator[type[OldCity]]:
    """Turku, trusted here, with a package of Raili's."""
    told = {"asked": [], "package": made(audience="espoo"), "stalled": Event(), "goes_on": Event()}
    handler = type("Turku", (OldCity,), told)
    with thread_of(server := ThreadingHTTPServer(("127.0.0.1", 0), handler)):
        path = folder / "trusted.toml"
        path.write_text(
            f'[[city]]\nslug = "{CITY}"\nurl = "http://127.0.0.1:{server.server_port}"\n'
            'name = { fi = "Turku", sv = "Åbo", en = "Turku" }\n'
        )
        settings.TRUSTED_CITIES_FILE = path
        yield handler


def begin(one: Resident) -> dict[str, str]:
    """The button is pressed: what the old city is asked."""
    answer = one.browser.post(f"/en/move/arrive/from/{CITY}/")
    url = urlsplit(answer.headers["Location"])
    assert url.path == "/transfers/authorize"
    return {name: values[0] for name, values in parse_qs(url.query).items()} | {"at": f"http://{url.netloc}"}


def back(one: Resident, asked: dict[str, str], **bend: str) -> Any:
    """The browser comes back with a code."""
    query = {"state": asked["state"], "iss": asked["at"], "code": "one-time"} | bend
    return one.browser.get("/transfers/arrived", {name: value for name, value in query.items() if value})


def fetch(one: Resident, *, after: timedelta = timedelta(0)) -> Arrival:
    fetch_arrival(newest(one.person).pk, by=WORKER, at=timezone.now() + after)
    return newest(one.person)
