"""A keeper lets a system in, copies its secret once, and switches it off: the next call is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import follow
from tests.journeys.test_back_office import looked_at
from tests.portal_server import Running
from tests.servers import server

pytestmark = pytest.mark.browser
ENTRIES = "SELECT convert_from(body, 'UTF8') FROM ledger_log WHERE kind LIKE 'rest.%' ORDER BY id"


def token(portal: Running, client: str, secret: str) -> httpx2.Response:
    form = {"grant_type": "client_credentials"}
    return httpx2.post(f"{portal.base}/oauth/token/", data=form, auth=(client, secret))


def call(portal: Running, access: str) -> int:
    headers = {"Authorization": f"Bearer {access}"}
    return httpx2.get(f"{portal.base}/api/v1/purposes/", headers=headers).status_code


def allowed_in(portal: Running, keeper: Page, said: list[str]) -> None:
    """Its department and name, then what it may do; a key that is none is refused in words."""
    keeper.goto(f"{portal.staff_base}/admin/rest/client/add/")
    assert keeper.locator("select[name=department] option").all_inner_texts() == ["Espoo City Library"]
    keeper.locator("input[name=name]").fill("Booking system")
    looked_at(keeper, said)
    follow(keeper, keeper.locator("input[name=_save]"))
    keeper.locator("input[name=scopes][value='consents:check']").check()
    keeper.locator("input[name=purposes]").first.check()
    keeper.locator("textarea[name=jwks]").fill('{"keys": []}')
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".errorlist").last).to_contain_text("no public keys")
    keeper.locator("textarea[name=jwks]").fill("{}")
    looked_at(keeper, said)
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".messagelist .success")).to_be_visible()


def test_a_system_is_let_in_and_kept_out_again(portal: Running, keeper: Page, said: list[str]) -> None:
    allowed_in(portal, keeper, said)
    follow(keeper, keeper.get_by_role("link", name="Secrets, on and off"))
    looked_at(keeper, said)
    follow(keeper, keeper.get_by_role("button", name="Make a new secret"))
    client, secret = (keeper.locator(f"#client-{part}").input_value() for part in ("id", "secret"))
    looked_at(keeper, said)
    keeper.goto(keeper.url)
    assert (len(secret), secret in keeper.content()) == (43, False)
    access = token(portal, client, secret).json()["access_token"]
    before = call(portal, access)
    follow(keeper, keeper.get_by_role("button", name="Switch off"))
    off = call(portal, access), token(portal, client, secret).status_code
    follow(keeper, keeper.get_by_role("button", name="Switch on"))
    on = token(portal, client, secret).status_code
    follow(keeper, keeper.get_by_role("button", name="End all secrets"))
    ended = token(portal, client, secret).status_code
    assert (before, off, on, ended) == (200, (401, 401), 200, 401)
    told = entries(portal, client)
    assert [entry["kind"].removeprefix("rest.") for entry in told] == [
        *("client_made", "client_changed", "secret_made", "client_switched_off", "client_switched_on", "secrets_ended")
    ]
    assert {entry["department"] for entry in told} == {"library"}
    assert not any(secret in json.dumps(entry) or "Lasse" in json.dumps(entry) for entry in told)
    assert said == []


def entries(portal: Running, client: str) -> list[dict[str, str]]:
    """What the log tells of this system, oldest first."""
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        told = [json.loads(body) for (body,) in superuser.execute(ENTRIES).fetchall()]
    return [entry for entry in told if entry["reference"] == f"client {client}"]


def test_what_another_department_let_in_is_not_here(
    portal: Running, keeper: Page, let_in: Callable[..., None], tmp_path: Path
) -> None:
    out = tmp_path / "sports.json"
    let_in("sports", out, "--name", "Swimming")
    theirs = json.loads(out.read_text())["client_id"]
    keeper.goto(f"{portal.staff_base}/admin/rest/client/")
    assert "Swimming" not in keeper.content()
    answer = keeper.goto(f"{portal.staff_base}/admin/rest/client/{theirs}/access/")
    assert answer is not None
    assert answer.status == 404
