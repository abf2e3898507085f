"""A security server with one service behind it, on loopback: mutual TLS, echoed headers, errors as PR-REST has them."""

import base64
import hashlib
import json
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasources.connectors.xroad.connector import XRoadConnector
from datasources.protocol import Limits
from tests.datasources.certificates import Authority, Pair
from tests.datasources.misbehaving import Desk, DeskServer, Request

CLIENT, SERVICE = "FI/MUN/0101263-6/mydata", "FI/MUN/0101263-6/youth/records"
CODES = ("010190-999X", "020202A999B", "030303A999C")
REFERENCE = "9bc95b6e-2f1d-4a41-a7e6-11eda7d734d5"
LISTS = {"listing": "/v1/records", "search": "/v1/records/search", "key": "code"}
MAPPING: dict[str, Any] = {
    "courses": LISTS | {"columns": {"course": "course"}},
    "grades": LISTS | {"columns": {"grade": "grade"}},
    "listed": {"listing": "/v1/records", "key": "code", "columns": {"course": "course"}},
}
AUTHORITY, STRANGER = Authority("the city"), Authority("a stranger")
OURS = AUTHORITY.pair("mydata")


class SecurityServer(DeskServer):
    """`items`: the records; `instead`: another answer; `error`: (status, type); `changed`: headers, or None."""

    def __init__(self, own: Pair, client_authority: str) -> None:
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("certificate", own.certificate), ("key", own.key)):
                Path(folder, name).write_text(text)
            context.load_cert_chain(Path(folder, "certificate"), Path(folder, "key"))
        context.load_verify_locations(cadata=client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.items: list[dict[str, Any]] = [
            {"code": code, "course": f"Course {n}", "secret": "not asked for"} for code in CODES for n in (1, 2)
        ]
        self.error: tuple[int, str] | None = None
        self.error_body: Any = None
        self.changed: dict[str, str | None] = {}
        self.status = 200
        self.busy = 0
        self.instead: Any = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def answer(self, desk: Desk, request: Request) -> None:
        if self.busy:
            self.busy -= 1
            desk.say(429, {}, Retry_After="0")
        elif self.error:
            status, kind = self.error
            body = self.error_body or {"type": kind, "message": "Connect to 10.1.2.3:80 failed", "detail": REFERENCE}
            desk.say(status, body, X_Road_Error=kind)
        elif not request.path.startswith(f"/r1/{SERVICE}/v1/records"):
            desk.say(404, {"error": "not found"})
        else:
            desk.say(self.status, self._found(request), **self._echoed(request))

    def _echoed(self, request: Request) -> dict[str, str]:
        told = {
            "X_Road_Id": request.headers["x-road-id"],
            "X_Road_Client": request.headers["x-road-client"],
            "X_Road_Service": SERVICE,
            "X_Road_Request_Hash": base64.b64encode(hashlib.sha512(request.body).digest()).decode(),
        }
        return {name: value for name, value in {**told, **self.changed}.items() if value is not None}

    def _found(self, request: Request) -> Any:
        if self.instead is not None:
            return self.instead
        if request.method == "POST":
            code = json.loads(request.body)["code"]
            return {"items": [item for item in self.items if item["code"] == code], "next": None}
        start, limit = int(request.query.get("cursor", 0)), int(request.query["limit"])
        end = start + limit
        return {"items": self.items[start:end], "next": str(end) if end < len(self.items) else None}


@dataclass(frozen=True)
class Ends:
    """What the portal is told."""

    ca: str = AUTHORITY.certificate
    ours: Pair = OURS


def connector(
    server: SecurityServer, *, ends: Ends | None = None, limits: Limits | None = None, **settings: Any
) -> XRoadConnector:
    return opened(server.url, ends=ends, limits=limits, **settings)


def opened(url: str, *, ends: Ends | None = None, limits: Limits | None = None, **settings: Any) -> XRoadConnector:
    ends = ends or Ends()
    told = {"url": url, "client": CLIENT, "service": SERVICE, "user": "FImydata", "ca": ends.ca} | settings
    secrets = {"certificate": ends.ours.certificate, "private_key": ends.ours.key}
    return XRoadConnector(told, secrets, MAPPING, limits or Limits.within(2))
