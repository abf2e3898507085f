"""A department's GDPR API and its token server, as the Helsinki profile's contract has them, on loopback."""

import json
import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.protocol import Limits
from tests.datasources.misbehaving import Desk, DeskServer, Request

AINO, RAILI = UUID("5d0c1f0e-0000-4000-8000-00000000a140"), UUID("5d0c1f0e-0000-4000-8000-00000000a1a1")
CLIENT, SECRET, AUDIENCE = "portal", "client-secret-of-the-portal", "youth-api"
UMA = "urn:ietf:params:oauth:grant-type:uma-ticket"
CODE = "010190-999X"
MAPPING: dict[str, Any] = {
    "orders": {"rows": "ORDERS/ORDER", "key": "UUID", "columns": {"name": "NAME", "paid": "PAID"}},
    "profile": {"key": "UUID", "columns": {"email": "EMAIL", "phone": "PHONE"}},
}
_KEY = RSAKey.generate_key(2048, auto_kid=True)


def tree(user: UUID) -> dict[str, Any]:
    """What the service holds on this user."""
    orders = [
        {"key": "ORDER", "children": [{"key": "NAME", "value": f"Trip {n}"}, {"key": "PAID", "value": n == 1}]}
        for n in (1, 2)
    ]
    return {
        "key": "PROFILE",
        "label": {"fi": "Profiili"},
        "children": [
            {"key": "UUID", "value": str(user)},
            {"key": "PHONE", "value": None},
            {"key": "EMAIL", "value": "a@example.org"},
            {"key": "EMAIL", "value": "b@example.org"},
            {"key": "ORDERS", "children": orders},
            {"key": "NOTES", "children": None},
        ],
    }


class GdprService(DeskServer):
    """`trees`: `{user: tree}`; `codes`: `{authorization code: user}`; `says`: answers instead of the API."""

    def __init__(self) -> None:
        super().__init__()
        self.trees: dict[str, Any] = {str(user): tree(user) for user in (AINO, RAILI)}
        self.codes = {"code-of-aino": AINO, "code-of-raili": RAILI}
        self.says: tuple[int, Any] | None = None
        self.refuses_erasure = False
        self.ticket_claims: dict[str, Any] = {}
        self.token_status = 200
        self.spoilt_path = "/gdpr/"
        self.issued: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def spoils(self, request: Request) -> bool:
        return request.path.startswith(self.spoilt_path)

    def calls(self, method: str) -> list[Request]:
        """Requests to the API itself."""
        return [request for request in self.seen if request.method == method and request.path.startswith("/gdpr/")]

    def answer(self, desk: Desk, request: Request) -> None:
        if request.path == "/token":
            self._token(desk, request)
        elif (user := self._user(request)) is None:
            desk.say(401, {"detail": "Invalid token."})
        elif self.says:
            desk.say(*self.says)
        elif request.method == "GET":
            held = self.trees.get(request.path.rsplit("/", 1)[1])
            desk.say(204) if held is None else desk.say(200, held)
        else:
            self._delete(desk, request, user)

    def _delete(self, desk: Desk, request: Request, user: str) -> None:
        if self.refuses_erasure:
            message = {"fi": "Lasku on maksamatta", "sv": "En faktura är obetald", "en": "An invoice is unpaid"}
            desk.say(403, {"errors": [{"code": "UNPAID", "message": message}]})
            return
        if "true" not in (request.query.get("dry_run"), request.form.get("dry_run")):
            self.trees.pop(user, None)
        desk.say(204)

    def _user(self, request: Request) -> str | None:
        """Whose ticket it is, when it is one of ours, for this API and this scope."""
        scope = "gdprquery" if request.method == "GET" else "gdprdelete"
        claims = self._claims(request)
        allowed = [name for each in claims.get("authorization", []) for name in each["scopes"]]
        return str(claims["sub"]) if scope in allowed else None

    def _claims(self, request: Request) -> dict[str, Any]:
        try:
            return jwt.decode(request.headers.get("authorization", "").removeprefix("Bearer "), _KEY).claims
        except (JoseError, ValueError):
            return {}

    def _token(self, desk: Desk, request: Request) -> None:
        form = request.form
        grant, subject = form.get("grant_type"), None
        if grant == UMA:
            subject = self._claims(request).get("sub")
        elif (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET):
            user = self.codes.pop(form.get("code", ""), None)
            subject = "service-account" if grant == "client_credentials" else user and str(user)
        if self.token_status != 200 or subject is None:
            desk.say(self.token_status if self.token_status != 200 else 400, {"error": "invalid_grant"})
            return
        claims: dict[str, Any] = {"sub": subject, "aud": "account", "exp": int(time.time()) + 300}
        if grant == UMA:
            permission = {"scopes": [form["permission"].removeprefix("#")]}
            claims |= {"aud": form["audience"], "authorization": [permission]} | self.ticket_claims
        self.issued.append(jwt.encode({"alg": "RS256"}, claims, _KEY))
        desk.say(200, {"access_token": self.issued[-1], "expires_in": 300, "token_type": "Bearer"})


def connector(
    service: GdprService, *, limits: Limits | None = None, ids: dict[str, str] | None = None, **settings: str
) -> GdprApiConnector:
    told = {
        "url": f"{service.url}/gdpr/$user_uuid",
        "token_url": f"{service.url}/token",
        "audience": AUDIENCE,
        "client_id": CLIENT,
    } | settings
    secrets = {"client_secret": SECRET} | ({"ids": json.dumps(ids)} if ids else {})
    return GdprApiConnector(told, secrets, MAPPING, limits or Limits.within(2))


def introduced(service: GdprService, **settings: Any) -> GdprApiConnector:
    """Opened for Aino, who came back from the token server."""
    opened = connector(service, **settings)
    opened.introduce(CODE, "code-of-aino", redirect_uri="https://portal.example/back", verifier="v")
    return opened
