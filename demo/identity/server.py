"""The identity service over HTTP: residents at the root, staff under /staff."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.identity.breakage import Break
from demo.identity.clients import Portal, Refused
from demo.identity.page import picking_page
from demo.identity.provider import Provider, residents, workers

RESIDENT_ACR = "http://ftn.ficora.fi/2017/loa2"
STAFF_ACR = "city-staff"


class IdentityServer(ThreadingHTTPServer):
    """Two issuers on one port."""

    daemon_threads = True

    def __init__(self, port: int, *, portal: str, staff_portal: str) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        base = f"http://127.0.0.1:{self.server_address[1]}"
        self.issuer = base
        self.residents = Provider(base, Portal("mydata", portal), residents, acr=RESIDENT_ACR)
        self.staff = Provider(f"{base}/staff", Portal("mydata-staff", staff_portal), workers, acr=STAFF_ACR)


class _Desk(BaseHTTPRequestHandler):
    server: IdentityServer

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _provider(self, path: str) -> tuple[Provider, str]:
        if path.startswith("/staff/"):
            return self.server.staff, path.removeprefix("/staff")
        return self.server.residents, path

    def _answer(self, status: int, kind: str, body: str, **headers: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _page(self, provider: Provider, session: str, query: dict[str, str]) -> None:
        if session not in provider.asked:
            self._answer(400, "text/plain; charset=utf-8", "This sign-in is over. Start again from the portal.")
            return
        asked = query.get("q", "")
        page = picking_page(
            provider.shown(session, asked),
            language=provider.language(session),
            session=session,
            query=asked,
            broken=query.get("break", ""),
        )
        self._answer(200, "text/html; charset=utf-8", page)

    def do_GET(self) -> None:
        """Authorize, keys, end of session, discovery."""
        parts = urlsplit(self.path)
        provider, path = self._provider(parts.path)
        query = dict(parse_qsl(parts.query))
        if path == "/jwks":
            self._answer(200, "application/json", json.dumps(provider.signer.jwks()))
        elif path == "/authorize" and "session" in query:
            self._page(provider, query["session"], query)
        elif path == "/authorize":
            try:
                session = provider.authorize(query)
            except Refused as refused:
                self._answer(400, "text/plain; charset=utf-8", str(refused))
                return
            self._page(provider, session, query)
        elif path == "/end-session":
            self._answer(303, "text/plain", "", Location=provider.end_session(query))
        elif path == "/health":
            self._answer(200, "text/plain", "ok")
        else:
            self._answer(404, "text/plain", "not found")

    def do_POST(self) -> None:
        """A pick, or a code to trade."""
        provider, path = self._provider(urlsplit(self.path).path)
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
        try:
            if path == "/authorize":
                target = provider.pick(form["session"], form["person"], Break(form.get("break", "")))
                self._answer(303, "text/plain", "", Location=target)
            elif path == "/token":
                self._answer(200, "application/json", json.dumps(provider.token(form)))
            else:
                self._answer(404, "text/plain", "not found")
        except (Refused, KeyError, StopIteration, ValueError) as refused:
            self._answer(
                400,
                "application/json",
                json.dumps({"error": "invalid_request", "why": f"{type(refused).__name__}: {refused}"}),
            )


@contextmanager
def identity(port: int, *, portal: str, staff_portal: str) -> Iterator[IdentityServer]:
    """Run in a thread."""
    server = IdentityServer(port, portal=portal, staff_portal=staff_portal)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
