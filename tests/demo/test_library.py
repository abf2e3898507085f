"""The library's web interface."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from demo.departments.holdings import holdings
from demo.departments.library import CLIENT_ID, Library
from demo.departments.moods import Mood, Moods
from demo.departments.running import Departments
from tests.demo.conftest import CODES, WAIT

NAME = "library"


def token(client: httpx2.Client, secret: str) -> httpx2.Response:
    return client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(CLIENT_ID, secret))


@pytest.fixture
def desk(world: Departments) -> Iterator[httpx2.Client]:
    """A client with a token."""
    there = world.sources[NAME]
    with httpx2.Client(base_url=there["settings"]["url"], timeout=5, trust_env=False) as client:
        told = token(client, there["secrets"]["client_secret"]).json()
        client.headers["Authorization"] = f"Bearer {told['access_token']}"
        yield client


def search(desk: httpx2.Client, kind: str, slug: str) -> list[dict[str, Any]]:
    answer = desk.post(f"/v1/{kind}/search", json={"identity_code": CODES[slug]})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_wrong_secret_gets_no_token(desk: httpx2.Client) -> None:
    assert token(desk, "guessed").status_code == 401


@pytest.mark.parametrize("bearer", ["", "Bearer made-up"])
def test_nothing_is_told_without_a_token(desk: httpx2.Client, bearer: str) -> None:
    assert desk.get("/v1/patrons", headers={"Authorization": bearer}).status_code == 401


@pytest.mark.parametrize("kind", ["patrons", "loans", "holds", "fees"])
def test_the_pages_together_are_everyones_in_order(desk: httpx2.Client, kind: str) -> None:
    items: list[dict[str, Any]] = []
    cursor: str | None = "0"
    while cursor:
        page = desk.get(f"/v1/{kind}", params={"cursor": cursor, "limit": 300}).json()
        items += page["items"]
        cursor = page["next"]
    assert items == holdings()[kind]
    codes = [item["identity_code"] for item in items]
    assert codes == sorted(codes)


def test_the_stories_are_true_here(desk: httpx2.Client) -> None:
    assert len(search(desk, "loans", "aino")) == 12
    assert {loan["kind"] for loan in search(desk, "loans", "lempi")} == {"audiobook"}
    assert len(search(desk, "holds", "bjorn")) >= 5
    assert len(search(desk, "fees", "tarmo")) == 1
    assert len(search(desk, "patrons", "tuuli")) == 1
    assert search(desk, "patrons", "veikko") == []
    assert search(desk, "patrons", "otso")[0]["joined_on"] == "2026-08-24"


def test_a_search_is_about_one_person_alone(desk: httpx2.Client) -> None:
    assert {loan["identity_code"] for loan in search(desk, "loans", "aino")} == {CODES["aino"]}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/loans?cursor=x", 400), ("/v1/loans?cursor=-1", 400), ("/v1/loans?limit=0", 400), ("/v1/debts", 404)],
)
def test_what_cannot_be_read_is_refused(desk: httpx2.Client, path: str, status: int) -> None:
    assert desk.get(path).status_code == status


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}"])
def test_a_search_without_a_code_is_refused(desk: httpx2.Client, body: bytes) -> None:
    assert desk.post("/v1/loans/search", content=body).status_code == 400


def test_asked_too_often_it_answers_429_and_when_to_come_back() -> None:
    library = Library(0, Moods(), secret="s", per_second=3)
    threading.Thread(target=library.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    with httpx2.Client(base_url=library.url, trust_env=False) as client:
        bearer = {"Authorization": f"Bearer {token(client, 's').json()['access_token']}"}
        answers = [client.get("/v1/fees?limit=1", headers=bearer) for _ in range(4)]
    library.shutdown()
    library.server_close()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "1"


def test_slow_takes_its_time(world: Departments, desk: httpx2.Client) -> None:
    world.moods.set(NAME, Mood.SLOW, slow_seconds=WAIT)
    began = time.monotonic()
    assert len(search(desk, "patrons", "aino")) == 1
    assert time.monotonic() - began >= WAIT


def test_down_answers_503(world: Departments, desk: httpx2.Client) -> None:
    world.moods.set(NAME, Mood.DOWN)
    assert desk.get("/v1/loans").status_code == 503


def test_wrong_answers_with_a_page(world: Departments, desk: httpx2.Client) -> None:
    world.moods.set(NAME, Mood.WRONG)
    answer = desk.get("/v1/loans")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")


@pytest.mark.parametrize("slug", ["aino", "veikko"])
def test_other_person_answers_about_someone_else(world: Departments, desk: httpx2.Client, slug: str) -> None:
    world.moods.set(NAME, Mood.OTHER_PERSON)
    found = {item["identity_code"] for item in search(desk, "loans", slug)}
    assert (len(found), CODES[slug] in found) == (1, False)
