"""Which public keys are taken, and how new ones are found at a department's own address."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as Program
from django.utils import timezone
from joserfc.jwk import ECKey, OctKey, RSAKey

from portal.outward import addresses
from portal.outward.addresses import let_inward
from portal.rest.keysets import COOL_DOWN, NotAKeySet, NotAnAddress, checked_address, key_set_of
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.rest.letting_in import TOKEN, let_in, made_key, program, public, signed
from tests.web import thread_of

__all__ = ["program"]
pytestmark = pytest.mark.django_db


_EC = made_key("a").as_dict(private=False)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"keys": []},
        {"keys": [_EC] * 21},
        {"keys": [_EC, _EC]},
        {"keys": [made_key("a").as_dict(private=True)]},
        {"keys": [OctKey.generate_key(256).as_dict()]},
        {"keys": [ECKey.generate_key("P-384", {"kid": "a"}).as_dict(private=False)]},
        {"keys": [RSAKey.generate_key(1024, {"kid": "a"}).as_dict(private=False)]},
        {"keys": [{**_EC, "use": "enc"}]},
        {"keys": [{**_EC, "x": "AAAA"}]},
        {"keys": ["x", 1]},
        {"keys": [{"kty": "EC"}]},
        {"keys": [{"kty": ["EC"]}]},
    ],
)
def test_what_is_no_public_key_set_is_not_taken(told: Any) -> None:
    with pytest.raises(NotAKeySet):
        key_set_of(told)


# ---- keys at an address -----------------------------------------------------------------------------------------
class _Address(BaseHTTPRequestHandler):
    """A department's own key set; `told` is what it says now, `asked` how often it was asked."""

    told: bytes = b"{}"
    code = 200
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.code)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(self.told)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[tuple[str, type[_Address]]]:
    handler = type("Handler", (_Address,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with thread_of(server):
        yield f"http://127.0.0.1:{server.server_port}/keys.json", handler


def _cooled(client: Client) -> None:
    with scope(Role.API):
        Client.objects.filter(pk=client.pk).update(jwks_asked_at=timezone.now() - COOL_DOWN)


def test_a_new_key_is_found_at_its_address_and_not_asked_for_twice_a_minute(
    address: tuple[str, type[_Address]], program: Program
) -> None:
    url, there = address
    old, new = made_key("old"), made_key("new")
    there.told = json.dumps(public(old)).encode()
    client = let_in(jwks_url=url, fetched_jwks=public(old))
    assert (program.post(TOKEN, signed(client, old)).status_code, there.asked) == (200, 0)
    early = program.post(TOKEN, signed(client, new)).status_code
    there.told = json.dumps(public(old, new)).encode()
    hasty = program.post(TOKEN, signed(client, new)).status_code
    assert (early, hasty, there.asked) == (401, 401, 1)
    _cooled(client)
    assert [program.post(TOKEN, signed(client, key)).status_code for key in (new, old)] == [200, 200]
    assert there.asked == 2


@pytest.mark.parametrize(
    ("code", "told"),
    [(500, b""), (302, b""), (200, b"<html>"), (200, b"[" * 100_000), (200, b"{}"), (200, b"x" * 70_000)],
)
def test_an_address_that_fails_leaves_the_keys_that_hold(
    code: int, told: bytes, address: tuple[str, type[_Address]], program: Program
) -> None:
    url, there = address
    there.code, there.told = code, told
    held = made_key("held")
    client = let_in(jwks_url=url, fetched_jwks=public(held))
    answers = [program.post(TOKEN, signed(client, key)).status_code for key in (made_key("new"), held)]
    assert (answers, there.asked) == ([401, 200], 1)


@pytest.mark.security("V9.1.3")
def test_no_key_is_fetched_from_an_inward_address(address: tuple[str, type[_Address]], program: Program) -> None:
    url, there = address
    new, before = made_key("new"), addresses._inward
    there.told = json.dumps(public(new)).encode()
    let_inward([])
    try:
        answer = program.post(TOKEN, signed(let_in(jwks_url=url), new))
    finally:
        addresses._inward = before
    assert (answer.status_code, there.asked) == (401, 0)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "keys.json",
        "ftp://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://a.example:99999/",
        "https://å.example/",
    ],
)
def test_what_is_no_address_of_keys_is_not_taken(url: str) -> None:
    with pytest.raises(NotAnAddress):
        checked_address(url)


def test_in_production_keys_come_by_https_only(settings: LazySettings) -> None:
    settings.PLAIN_HTTP = False
    with pytest.raises(NotAnAddress):
        checked_address("http://a.example/keys.json")
