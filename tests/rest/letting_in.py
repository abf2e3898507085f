"""Systems with keys and secrets, let in without a browser, and what their programs send."""

import base64
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Program
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from portal import throttle
from portal.ledger.actor import system
from portal.rest.actions import Wishes, make_client
from portal.rest.models import Client
from portal.walls import Role, scope

BY = system("tests")
TOKEN, REVOKE = "/oauth/token/", "/oauth/revoke/"
# Any call that needs a token: what comes after the door is not looked at.
CALL = "/api/v1/checks/"


def made_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def public(*keys: ECKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def let_in(**wishes: Any) -> Client:
    with scope(Role.STAFF, departments=["sports"]):
        told = Wishes(**{"name": "Bookings", "scopes": ["consents:check"], **wishes})
        return make_client("sports", told, by=BY, at=timezone.now())


def signed(client: Client, key: ECKey, *, header: dict[str, Any] | None = None, **claims: Any) -> dict[str, str]:
    now, me = int(time.time()), str(client.pk)
    told = {"iss": me, "sub": me, "aud": f"http://127.0.0.1:8000{TOKEN}", "iat": now, "exp": now + 60}
    told |= {"jti": str(uuid4()), **claims}
    head = {"alg": "ES256", "kid": key.kid or "", **(header or {})}
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(head, told, key),
    }


@pytest.fixture
def program() -> Program:
    throttle._redis.cache_clear()
    throttle._running.tallies = {}
    return Program(HTTP_HOST="127.0.0.1", raise_request_exception=False)


def basic(client: Client, secret: str) -> dict[str, str]:
    told = base64.b64encode(f"{client.pk}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


def by_secret(program: Program, client: Client, secret: str) -> Any:
    return program.post(TOKEN, {"grant_type": "client_credentials"}, headers=basic(client, secret))


def calls(program: Program, token: str) -> int:
    """The status of a call whose body is wrong, so that 400 means: let in."""
    answer = program.post(CALL, b"{}", "application/json", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code
