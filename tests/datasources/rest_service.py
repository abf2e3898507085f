"""A web interface on loopback with records of three people, paged in each way that such interfaces page."""

import json
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey

from datasources.connectors.rest.connector import RestConnector
from datasources.protocol import Limits
from tests.datasources.certificates import Pair
from tests.datasources.misbehaving import Desk, DeskServer, Request

CODES = ("010190-999X", "020202A999B", "030303A999C")
SIZE = 2
KEY = ECKey.generate_key("P-256")
PRIVATE = KEY.as_pem(private=True).decode()


class WebInterface(DeskServer):
    """`paging`: how lists are paged. `auth`: what is asked for. `instead`: answers given first, one each."""

    def __init__(self, *, paging: str = "cursor", auth: str = "secret", most: int = SIZE) -> None:
        super().__init__()
        self.paging, self.auth, self.most = paging, auth, most
        self.items: list[dict[str, Any]] = [
            {"who": {"code": code}, "code": code, "title": f"Book {n}", "due": {"on": f"2026-12-0{n}"}, "note": "x"}
            for n in (1, 2, 3)
            for code in CODES
        ]
        self.instead: list[tuple[int, dict[str, str]]] = []
        self.lives = 600
        self.lie: dict[str, Any] = {}
        # Headers by which a page can be known again, made of its content; and whether 304 is answered.
        self.validators: Callable[[bytes], dict[str, str]] = lambda content: {}  # noqa: ARG005
        self.always_304 = False
        # What a list of changes tells of records that are gone.
        self.removed: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def answer(self, desk: Desk, request: Request) -> None:
        if request.path == "/token":
            self._token(desk, request)
        elif not self._lets_in(request):
            desk.say(401, {})
        elif self.instead:
            status, headers = self.instead.pop(0)
            desk.say(status, {}, **headers)
        elif request.path == "/api/books":
            since = request.query.get("changed_since", "")
            told = [item for item in self.items if item.get("changed", "9") >= since] + (self.removed if since else [])
            self._page(desk, request.query, told)
        else:
            told = json.loads(request.body)
            self._page(
                desk, told, [item for item in self.items if item["code"] == told.get("code", told.get("person"))]
            )

    def _token(self, desk: Desk, request: Request) -> None:
        if self.auth == "signed":
            claims = jwt.decode(request.form["client_assertion"], KEY, algorithms=["ES256"]).claims
            good = claims["aud"] == f"http://127.0.0.1:{self.port}/token" and claims["exp"] - claims["iat"] <= 60
        else:
            # "portal:s" of HTTP Basic.
            good = request.headers.get("authorization") == "Basic cG9ydGFsOnM="
        desk.say(200 if good else 401, {"access_token": "t", "expires_in": self.lives} if good else {})

    def _lets_in(self, request: Request) -> bool:
        match self.auth:
            case "api_key":
                return request.headers.get("x-city-key") == "k"
            case "none":
                return "authorization" not in request.headers
        return request.headers.get("authorization") == "Bearer t"

    def _page(self, desk: Desk, told: dict[str, Any], items: list[dict[str, Any]]) -> None:
        limit = min(int(told.get("limit", self.most)), self.most)
        at = int(told.get("cursor" if self.paging == "cursor" else "offset", 0))
        page, left = items[at : at + limit], at + limit < len(items)
        if self.paging == "none":
            self._say(desk, items, {})
            return
        body: dict[str, Any] = {"items": page, "data": {"list": page}, "next": str(at + limit) if left else None}
        headers = {}
        if self.paging == "link" and left:
            query = urlencode({"limit": limit, "offset": at + limit})
            headers["Link"] = self.lie.get("Link", f'</api/books?{query}>; rel="next", </api/books>; rel="first"')
        self._say(desk, body | {name: value for name, value in self.lie.items() if name != "Link"}, headers)

    def _say(self, desk: Desk, body: Any, headers: dict[str, str]) -> None:
        told = self.validators(json.dumps(body).encode())
        tag, changed = desk.headers.get("If-None-Match"), desk.headers.get("If-Modified-Since")
        same = (tag is not None and tag == told.get("ETag")) or (changed and changed == told.get("Last_Modified"))
        if same or self.always_304:
            desk.say(304, None, **told)
        else:
            desk.say(200, body, **headers, **told)


class SecureInterface(WebInterface):
    """The same behind TLS, which asks for a certificate when it knows whom to believe."""

    def __init__(self, own: Pair, client_authority: str = "") -> None:
        super().__init__(auth="none")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("certificate", own.certificate), ("key", own.key)):
                Path(folder, name).write_text(text)
            context.load_cert_chain(Path(folder, "certificate"), Path(folder, "key"))
        if client_authority:
            context.load_verify_locations(cadata=client_authority)
            context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/api"


def connector(
    interface: WebInterface,
    mapping: dict[str, Any] | None = None,
    *,
    secrets: dict[str, str] | None = None,
    limits: Limits | None = None,
    **settings: Any,
) -> RestConnector:
    """As a keeper would set it; `mapping` and `settings` differ from what most have."""
    told = {"url": interface.url, "token_url": f"http://127.0.0.1:{interface.port}/token", "client_id": "portal"}
    shape = {"listing": "/books", "search": "/search", "key": "code", "columns": {"title": "title"}}
    hidden = {"client_secret": "s"} if secrets is None else secrets
    return RestConnector(told | settings, hidden, {"books": shape | (mapping or {})}, limits or Limits.within(5.0))
