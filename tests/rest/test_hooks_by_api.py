"""Webhooks by the API: made, changed, pinged, read about; each by the system whose they are, and by nobody else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from demo.client import Department
from tests.consents.hooked import Hook, hook
from tests.portal_server import Running

__all__ = ["Hook"]
MAILBOX = "courses@example.org"


class Caller:
    """A system's program."""

    def __init__(self, department: Department) -> None:
        self._department = department

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._department.token()}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid4())
        address = f"{self._department.base}/api/v1/webhooks/{path}"
        return httpx2.request(method, address, json=body, headers=headers)

    def make(self, url: str, **more: Any) -> Any:
        answer = self.ask("POST", "", {"url": url, "contact_email": MAILBOX, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def caller(
    portal: Running, let_in: Callable[..., Department], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Caller]:
    folder = tmp_path_factory.mktemp("hooking")

    def made(department: str, *scopes: str) -> Caller:
        out = Path(folder, f"{uuid4()}.json")
        return Caller(let_in(portal, out, department, "--scopes", *scopes))

    return made


@pytest.fixture
def sports(caller: Callable[..., Caller]) -> Caller:
    return caller("sports", "webhooks")


def test_its_life(sports: Caller) -> None:
    with hook() as ear:
        made = sports.make(ear.url, kinds=["consent.withdrawn"])
        pk = made["webhook"]["id"]
        assert made["secret"].startswith("whsec_")
        assert sports.ask("GET", "").json() == {"webhooks": [made["webhook"]]}
        assert "secret" not in sports.ask("GET", f"{pk}/").text.replace("older_secret_until", "")
        changed = sports.ask("PATCH", f"{pk}/", {"kinds": [], "switched_on": False}).json()
        assert (changed["kinds"], changed["switched_off_because"]) == ([], "system")
        off = sports.ask("POST", f"{pk}/ping/", {})
        assert (off.status_code, off.json()["type"].split("/")[-2]) == (409, "webhook-off")
        sports.ask("PATCH", f"{pk}/", {"switched_on": True})
        pinged = sports.ask("POST", f"{pk}/ping/", {})
        assert (pinged.status_code, pinged.json()["kind"]) == (202, "ping")
        log = sports.ask("GET", f"{pk}/deliveries/").json()
        assert ([row["id"] for row in log["deliveries"]], log["more"]) == ([pinged.json()["id"]], False)
        again = sports.ask("POST", f"{pk}/deliveries/{pinged.json()['id']}/redeliver/", {})
        assert (again.status_code, again.json()["id"]) == (202, pinged.json()["id"])
        assert (sports.ask("DELETE", f"{pk}/").status_code, sports.ask("GET", f"{pk}/").status_code) == (204, 404)


def test_a_secret_is_told_once_and_once_more_by_the_same_key(sports: Caller) -> None:
    with hook() as ear:
        key, body = str(uuid4()), {"url": ear.url, "contact_email": MAILBOX}
        first, second = (sports.ask("POST", "", body, key=key).json() for _ in range(2))
        assert first == second
        assert len(sports.ask("GET", "").json()["webhooks"]) == 1
        new = sports.ask("POST", f"{first['webhook']['id']}/rotate-secret/", {}).json()
        assert new["secret"] != first["secret"]
        assert new["webhook"]["older_secret_until"] is not None


def test_deliveries_are_read_page_by_page(sports: Caller) -> None:
    with hook() as ear:
        pk = sports.make(ear.url)["webhook"]["id"]
        made = [sports.ask("POST", f"{pk}/ping/", {}).json()["id"] for _ in range(5)]
        met: list[str] = []
        after, more = "", True
        while more:
            page = sports.ask("GET", f"{pk}/deliveries/?limit=2" + (f"&after={after}" if after else "")).json()
            met += [row["id"] for row in page["deliveries"]]
            after, more = page["next"], page["more"]
        assert met == made[::-1]


def test_another_systems_webhook_looks_like_one_that_is_not_there(
    caller: Callable[..., Caller], sports: Caller
) -> None:
    strangers = [caller("sports", "webhooks"), caller("library", "webhooks")]
    with hook() as ear:
        pk = sports.make(ear.url)["webhook"]["id"]
        delivery = sports.ask("POST", f"{pk}/ping/", {}).json()["id"]
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{pk}/", None),
        ("PATCH", f"{pk}/", {"switched_on": False}),
        ("DELETE", f"{pk}/", None),
        ("POST", f"{pk}/ping/", {}),
        ("POST", f"{pk}/rotate-secret/", {}),
        ("GET", f"{pk}/deliveries/", None),
        ("POST", f"{pk}/deliveries/{delivery}/redeliver/", {}),
    ]
    for stranger in strangers:
        assert stranger.ask("GET", "").json() == {"webhooks": []}
        for method, path, body in calls:
            assert stranger.ask(method, path, body).status_code == 404, (method, path)
    assert sports.ask("GET", f"{pk}/").json()["switched_on"] is True


def test_without_the_scope_nothing_is_done(caller: Callable[..., Caller]) -> None:
    assert caller("sports", "consents:check").ask("GET", "").status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://hooks.example.org/"}, "/url"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"url": "https://hooks.example.org:22/"}, "/url"),
        ({"url": "https://no.such.name.invalid/"}, "/url"),
        ({"contact_email": "nobody"}, "/contact_email"),
        ({"contact_email": "a@b.example\r\nBcc: c@d.example"}, "/contact_email"),
        ({"kinds": ["consent.everything"]}, "/kinds/0"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_what_cannot_be_is_told_by_its_place(body: dict[str, Any], pointer: str, sports: Caller) -> None:
    answer = sports.ask("POST", "", {"url": "http://127.0.0.1:9/", "contact_email": MAILBOX} | body)
    assert (answer.status_code, [flaw["pointer"].replace("...", "0") for flaw in answer.json()["errors"]]) == (
        400,
        [pointer],
    )


@pytest.mark.parametrize("words", ["after=x", "limit=0", "limit=201", "limit=1e2"])
def test_a_page_that_cannot_be_is_refused(words: str, sports: Caller) -> None:
    with hook() as ear:
        pk = sports.make(ear.url)["webhook"]["id"]
    assert sports.ask("GET", f"{pk}/deliveries/?{words}").status_code == 400


def test_a_system_has_ten_at_most(sports: Caller) -> None:
    for number in range(10):
        sports.make(f"http://127.0.0.1:9/{number}")
    answer = sports.ask("POST", "", {"url": "http://127.0.0.1:9/", "contact_email": MAILBOX})
    assert (answer.status_code, json.loads(answer.text)["type"].split("/")[-2]) == (409, "too-many-webhooks")
