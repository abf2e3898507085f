"""Who is let in: by a key or a secret, several at once; and how one is kept out again."""

import base64
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Program
from django.utils import timezone

from portal.rest.actions import CHANGE_OVER, Wishes, change_client, end_secrets, make_secret, switch_off, switch_on
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.rest.letting_in import BY, REVOKE, TOKEN, basic, by_secret, calls, let_in, made_key, program, public, signed

__all__ = ["program"]
pytestmark = pytest.mark.django_db


# ---- keys ---------------------------------------------------------------------------------------------------------
def test_two_keys_hold_at_once_and_one_that_was_taken_away_does_not(program: Program) -> None:
    old, new = made_key("old"), made_key("new")
    client = let_in(jwks=public(old, new))
    both = [program.post(TOKEN, signed(client, key)).status_code for key in (old, new)]
    with scope(Role.STAFF, departments=["sports"]):
        wishes = Wishes(name=client.name, scopes=client.scopes, jwks=public(new))
        assert change_client(client, wishes, by=BY, at=timezone.now()) == ["jwks"]
    after = [program.post(TOKEN, signed(client, key)).status_code for key in (old, new)]
    assert (both, after) == ([200, 200], [401, 200])


def test_an_access_token_says_what_rfc_9068_asks(program: Program) -> None:
    key = made_key("k")
    client = let_in(jwks=public(key), scopes=["consents:check", "data:read"])
    answer = program.post(TOKEN, {**signed(client, key), "scope": "data:read webhooks"})
    token = answer.json()["access_token"]
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"} <= set(claims)
    assert (claims["scope"], claims["exp"] - claims["iat"], answer["Cache-Control"]) == ("data:read", 600, "no-store")


@pytest.mark.security("V9.2.3")
@pytest.mark.parametrize(
    "bend",
    [
        {"aud": "https://elsewhere.example/"},
        {"exp": 1},
        {"exp": int(time.time()) + 86_400},
        {"exp": "soon"},
        {"sub": str(uuid4())},
        {"iss": str(uuid4())},
        {"nbf": int(time.time()) + 3600},
        {"jti": None},
    ],
)
def test_an_assertion_that_is_not_for_here_and_now_is_refused(bend: dict[str, Any], program: Program) -> None:
    key = made_key("k")
    answer = program.post(TOKEN, signed(let_in(jwks=public(key)), key, **bend))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("kid", ["k", "other", ""])
def test_an_assertion_by_another_key_is_refused_whatever_it_calls_itself(kid: str, program: Program) -> None:
    client = let_in(jwks=public(made_key("k")))
    assert program.post(TOKEN, signed(client, made_key(kid))).status_code == 401


@pytest.mark.security("V9.1.2")
@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"jku": "http://127.0.0.1:1/"}, {"crit": ["x"]}])
def test_tricks_in_an_assertions_header_are_refused(header: dict[str, Any], program: Program) -> None:
    key = made_key("k")
    form = signed(let_in(jwks=public(key)), made_key("k"))
    _, body, signature = form["client_assertion"].split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": "k", **header}).encode()).decode().rstrip("=")
    form["client_assertion"] = f"{head}.{body}.{'' if header.get('alg') == 'none' else signature}"
    assert program.post(TOKEN, form).status_code == 401


@pytest.mark.security("V10.5.1")
def test_an_assertion_is_used_once(program: Program) -> None:
    key = made_key("k")
    form = signed(let_in(jwks=public(key)), key)
    assert [program.post(TOKEN, form).status_code for _ in range(2)] == [200, 401]


@pytest.mark.security("V6.3.8")
def test_a_stranger_and_a_wrong_key_look_alike(program: Program) -> None:
    key = made_key("k")
    client = let_in(jwks=public(made_key("k")))
    known = program.post(TOKEN, signed(client, key))
    client.pk = uuid4()
    stranger = program.post(TOKEN, signed(client, key))
    assert (known.status_code, known.content) == (stranger.status_code, stranger.content)


# ---- secrets ------------------------------------------------------------------------------------------------------
def test_a_secret_opens_and_a_new_one_leaves_time_to_change_over(program: Program) -> None:
    client, now = let_in(), timezone.now()
    with scope(Role.STAFF, departments=["sports"]):
        first = make_secret(client, by=BY, at=now)
        second = make_secret(client, by=BY, at=now)
    both = [by_secret(program, client, secret).status_code for secret in (first, second, second[:-1], "")]
    with scope(Role.STAFF, departments=["sports"]):
        client.secrets.filter(ends_at__isnull=False).update(ends_at=now - timedelta(seconds=1))
    later = [by_secret(program, client, secret).status_code for secret in (first, second)]
    assert (both, later) == ([200, 200, 401, 401], [401, 200])
    assert timedelta(hours=24) == CHANGE_OVER


def test_a_secret_is_kept_as_a_digest_only() -> None:
    client = let_in()
    with scope(Role.STAFF, departments=["sports"]):
        secret = make_secret(client, by=BY, at=timezone.now())
        kept = bytes(client.secrets.get().sha256)
    assert (len(kept), secret.encode() in kept) == (32, False)


def test_when_secrets_are_ended_their_tokens_end_too(program: Program) -> None:
    client = let_in()
    with scope(Role.STAFF, departments=["sports"]):
        secret = make_secret(client, by=BY, at=timezone.now())
    token = by_secret(program, client, secret).json()["access_token"]
    before = calls(program, token)
    with scope(Role.STAFF, departments=["sports"]):
        end_secrets(client, by=BY, at=timezone.now() + timedelta(seconds=2))
    assert (before, calls(program, token)) == (400, 401)


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic /w==", "Basic OnNlY3JldA==", "Basic AAA6AAA=", "Basic Og=="]
)
def test_a_broken_header_shows_no_client(header: str, program: Program) -> None:
    answer = program.post(TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


# ---- taken back ---------------------------------------------------------------------------------------------------
def _with_token(program: Program) -> tuple[Client, str, str]:
    client = let_in()
    with scope(Role.STAFF, departments=["sports"]):
        secret = make_secret(client, by=BY, at=timezone.now())
    return client, secret, by_secret(program, client, secret).json()["access_token"]


def test_a_token_that_is_given_back_is_worth_nothing(program: Program) -> None:
    client, secret, token = _with_token(program)
    other = by_secret(program, client, secret).json()["access_token"]
    before = calls(program, token)
    answer = program.post(REVOKE, {"token": token}, headers=basic(client, secret))
    assert (before, answer.status_code, calls(program, token), calls(program, other)) == (400, 200, 401, 400)


def test_nobody_gives_back_the_token_of_another(program: Program) -> None:
    _, _, token = _with_token(program)
    other, secret, _ = _with_token(program)
    answer = program.post(REVOKE, {"token": token}, headers=basic(other, secret))
    assert (answer.status_code, calls(program, token)) == (400, 400)


def test_what_is_no_token_is_given_back_in_peace(program: Program) -> None:
    client, secret, _ = _with_token(program)
    codes = [program.post(REVOKE, told, headers=basic(client, secret)).status_code for told in ({"token": "x"}, {})]
    assert (codes, program.post(REVOKE, {"token": "x"}).status_code) == ([200, 400], 401)


@pytest.mark.security("V8.3.2")
def test_switched_off_is_refused_at_the_next_call_and_its_old_tokens_stay_refused(program: Program) -> None:
    client, secret, token = _with_token(program)
    before = calls(program, token)
    with scope(Role.STAFF, departments=["sports"]):
        switch_off(client, by=BY, at=timezone.now() + timedelta(seconds=2))
    off = calls(program, token), by_secret(program, client, secret).status_code
    with scope(Role.STAFF, departments=["sports"]):
        switch_on(client, by=BY, at=timezone.now())
    assert (before, off, calls(program, token)) == (400, (401, 401), 401)


@pytest.mark.security("V8.3.2")
def test_a_scope_that_is_taken_away_is_gone_from_the_tokens_that_are_out(program: Program) -> None:
    client, _, token = _with_token(program)
    with scope(Role.STAFF, departments=["sports"]):
        wishes = Wishes(name=client.name, scopes=["webhooks"])
        change_client(client, wishes, by=BY, at=timezone.now() + timedelta(seconds=2))
    assert calls(program, token) == 401


def test_programs_find_the_way_in(program: Program) -> None:
    told = program.get("/.well-known/oauth-authorization-server").json()
    keys = program.get("/.well-known/jwks.json").json()["keys"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt", "client_secret_basic"]
    assert told["revocation_endpoint"].endswith(REVOKE)
    assert {key["alg"] for key in keys if key["use"] == "sig"} == {"ES256", "EdDSA"}
    assert not any("d" in key for key in keys)
