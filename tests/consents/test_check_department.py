"""`check_department` passes what the portal can read, and names each fault of what it cannot."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consents.webhooks.signing import new_secret
from demo.departments.holdings import holdings
from demo.departments.library import CLIENT_ID, Library
from demo.departments.moods import Mood, Moods
from demo.departments.receiver import Receiver
from tests.consents.hooked import Hook, hook
from tests.datasources import misbehaving
from tests.datasources.gdpr_service import AINO, AUDIENCE, CLIENT, CODE, MAPPING, SECRET, GdprService
from tests.datasources.misbehaving import Desk, served
from tests.datasources.rest_service import WebInterface

PERSON, STRANGER = "131052-308T", "010594Y9021"
LOANS = {
    "listing": "/v1/loans",
    "search": "/v1/loans/search",
    "key": "identity_code",
    "columns": {"title": "title"},
}


class Checked:
    """What the command said, and whether it was content."""

    def __init__(self, *words: str) -> None:
        said = StringIO()
        self.content = True
        try:
            call_command("check_department", *words, stdout=said)
        except CommandError as fault:
            self.content, self.refusal = False, str(fault)
        self.said = said.getvalue()

    @property
    def faults(self) -> list[str]:
        return [line.removeprefix("FAULT  ") for line in self.said.splitlines() if line.startswith("FAULT")]


def toml(told: dict[str, Any], *, table: str = "") -> str:
    """Plain values first, then tables."""
    plain = [f"{name} = {json.dumps(value)}" for name, value in told.items() if not isinstance(value, dict)]
    tables = [toml(value, table=f"{table}{name}.") for name, value in told.items() if isinstance(value, dict)]
    head = [f"[{table[:-1]}]"] if table else []
    return "\n".join([*head, *plain, *tables])


@pytest.fixture
def described(tmp_path: Path) -> Callable[..., str]:
    def written(**told: Any) -> str:
        path = tmp_path / "described.toml"
        path.write_text(toml(told))
        return str(path)

    return written


# ---- a web interface --------------------------------------------------------------------------------
@pytest.fixture
def interface() -> Iterator[WebInterface]:
    with served(WebInterface()) as server:
        for item in server.items:
            item["code"] = PERSON
        yield server


def rest_case(interface: WebInterface, described: Callable[..., str], **other: Any) -> str:
    told: dict[str, Any] = {
        "kind": "rest",
        "person": PERSON,
        "stranger": STRANGER,
        "settings": {"token_url": f"http://127.0.0.1:{interface.port}/token", "client_id": "portal"},
        "secrets": {"client_secret": "s"},
        "mapping": {"books": {"listing": "/books", "search": "/search", "key": "code", "columns": {"title": "title"}}},
    }
    return described(**(told | other))


def checked_rest(interface: WebInterface, described: Callable[..., str], **other: Any) -> Checked:
    return Checked(interface.url, "--describe", rest_case(interface, described, **other), "--seconds", "2")


def test_a_web_interface_as_agreed_passes(interface: WebInterface, described: Callable[..., str]) -> None:
    checked = checked_rest(interface, described)
    assert checked.faults == []
    assert checked.content
    assert "9 records of 1 people" in checked.said
    assert PERSON not in checked.said


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (misbehaving.page, "with a page, not with data"),
        (misbehaving.page_said_to_be_json, "is not JSON"),
        (misbehaving.half, "does not answer|broke off"),
        (misbehaving.not_http, "does not answer|not HTTP|broke off"),
        (misbehaving.packed, "packed answer"),
        (lambda desk: desk.say(302, {}, Location="http://10.0.0.1/"), "points to another address"),
        (lambda desk: desk.say(404, {}), "HTTP 404"),
        (lambda desk: desk.say(500, {}), "out of order"),
        (lambda desk: desk.say(200, {"things": []}), "no list named items"),
        (lambda desk: desk.say(200, {"items": [{"code": PERSON}]}), "no longer sends the field title"),
        (lambda desk: desk.say(200, {"items": [{"code": ["x"], "title": 1}]}), "another form than agreed"),
        (misbehaving.hanging, "did not answer in time"),
    ],
)
def test_each_fault_of_a_web_interface_is_named(
    interface: WebInterface, described: Callable[..., str], behaviour: Callable[[Desk], None], sentence: str
) -> None:
    interface.misbehave = behaviour
    interface.spoils = lambda request: request.path != "/token"  # type: ignore[method-assign]
    checked = checked_rest(interface, described)
    assert not checked.content
    assert any(word in " ".join(checked.faults) for word in sentence.split("|")), checked.said


def test_records_under_no_identity_code_are_a_fault(interface: WebInterface, described: Callable[..., str]) -> None:
    interface.items[0]["code"] = "customer-17"
    assert "1 of 2 people in books" in " ".join(checked_rest(interface, described).faults)


def test_a_search_that_finds_everybody_is_a_fault(interface: WebInterface, described: Callable[..., str]) -> None:
    case = rest_case(interface, described, stranger=PERSON, person="010594Y9021")
    faults = Checked(interface.url, "--describe", case, "--seconds", "2").faults
    assert any("does not find the test person" in fault for fault in faults)
    assert any("of whom it holds nothing" in fault for fault in faults)


def test_an_interface_that_asks_nobody_who_they_are_is_a_fault(described: Callable[..., str]) -> None:
    with served(WebInterface(auth="none")) as interface:
        for item in interface.items:
            item["code"] = PERSON
        checked = checked_rest(interface, described, settings={"auth": "none"}, secrets={})
        assert checked.faults == ["The interface asks nobody who they are."]


def test_settings_that_cannot_be_used_are_a_fault(interface: WebInterface, described: Callable[..., str]) -> None:
    checked = checked_rest(interface, described, secrets={})
    assert "client_secret" in " ".join(checked.faults)


def test_the_demos_library_passes(described: Callable[..., str]) -> None:
    with served(Library(0, Moods(), secret="word")) as library:  # type: ignore[type-var]
        settings = {"token_url": f"{library.url}/oauth/token", "client_id": CLIENT_ID}
        borrower = holdings()["loans"][0]["identity_code"]
        told = {"kind": "rest", "person": borrower, "stranger": STRANGER, "settings": settings}
        case = described(**told, secrets={"client_secret": "word"}, mapping={"library-loans": LOANS})
        assert Checked(library.url, "--describe", case).faults == []
        library.moods.set("library", Mood.WRONG)
        assert Checked(library.url, "--describe", case).faults != []
        library.moods.set("library", Mood.OTHER_PERSON)
        assert any("someone else" in fault for fault in Checked(library.url, "--describe", case).faults)


# ---- a GDPR API --------------------------------------------------------------------------------
@pytest.fixture
def gdpr() -> Iterator[GdprService]:
    with served(GdprService()) as server:
        yield server


def checked_gdpr(service: GdprService, described: Callable[..., str]) -> Checked:
    settings = {"token_url": f"{service.url}/token", "audience": AUDIENCE, "client_id": CLIENT, "id_claim": "sub"}
    case = described(
        kind="gdpr_api",
        person=CODE,
        stranger=STRANGER,
        settings=settings,
        secrets={"client_secret": SECRET, "ids": json.dumps({CODE: str(AINO)})},
        mapping=MAPPING,
    )
    return Checked(f"{service.url}/gdpr/$user_uuid", "--describe", case, "--seconds", "2")


def test_a_gdpr_api_as_agreed_passes_and_loses_nothing(gdpr: GdprService, described: Callable[..., str]) -> None:
    checked = checked_gdpr(gdpr, described)
    assert (checked.faults, checked.content, str(AINO) in gdpr.trees) == ([], True, True)


def test_one_that_declines_in_all_languages_passes(gdpr: GdprService, described: Callable[..., str]) -> None:
    gdpr.refuses_erasure = True
    checked = checked_gdpr(gdpr, described)
    assert checked.faults == []
    assert "UNPAID" in checked.said


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ((500, {}), "out of order"),
        ((501, {}), "switched its GDPR API off"),
        ((403, {"errors": [{"code": "NO", "message": {"en": "No"}}]}), "lacks its code, or its words"),
        ((403, {}), "lacks the permission"),
        ((200, {"key": "A", "value": 1, "children": []}), "not the tree agreed"),
        ((200, {"key": "PROFILE", "children": [{"key": "EMAIL", "value": 1}]}), "no longer tells UUID"),
        ((200, []), "not the tree agreed"),
        ((302, {}), "HTTP 302"),
        ((204, None), "nothing on the test person"),
    ],
)
def test_each_fault_of_a_gdpr_api_is_named(
    gdpr: GdprService, described: Callable[..., str], says: tuple[int, Any], sentence: str
) -> None:
    gdpr.says = says
    checked = checked_gdpr(gdpr, described)
    assert not checked.content
    assert sentence in " ".join(checked.faults), checked.said


def test_a_dry_run_that_erases_is_found_out(gdpr: GdprService, described: Callable[..., str]) -> None:
    def erase(desk: Desk, *_: Any) -> None:
        gdpr.trees.pop(str(AINO), None)
        desk.say(204)

    gdpr._delete = erase  # type: ignore[method-assign, assignment]
    assert any("dry run must not change anything" in fault for fault in checked_gdpr(gdpr, described).faults)


def test_one_that_asks_for_no_token_is_found_out(gdpr: GdprService, described: Callable[..., str]) -> None:
    gdpr._user = lambda _: str(AINO)  # type: ignore[method-assign, assignment]
    faults = " ".join(checked_gdpr(gdpr, described).faults)
    assert "GET without a token is answered by 200" in faults
    assert "DELETE with a token to read is answered by 204" in faults


# ---- a receiver of webhooks --------------------------------------------------------------------------------
@pytest.fixture
def secret(tmp_path: Path) -> tuple[str, str]:
    """It, and the file that holds it."""
    path, told = tmp_path / "secret", new_secret()
    path.write_text(f"{told}\n")
    return told, str(path)


def test_the_demos_receiver_passes(secret: tuple[str, str]) -> None:
    with served(Receiver(0, Moods())) as ear:  # type: ignore[type-var]
        ear.keys = [secret[0]]
        checked = Checked(ear.url, "--webhook", "--secret-file", secret[1])
        assert (checked.faults, checked.content, len(ear.heard.messages)) == ([], True, 3)


def wrong(status: int) -> list[str]:
    return {
        204: ["A badly signed message", "A message 301 seconds old", "A message 301 seconds ahead"],
        401: ["A ping", "The ping once more", "A message with two signatures", "A message of a new kind"],
    }[status]


@pytest.mark.parametrize("status", [204, 401])
def test_a_receiver_that_believes_all_or_nothing_is_found_out(status: int, secret: tuple[str, str]) -> None:
    with hook() as ear:
        ear.status = status
        faults = Checked(ear.url, "--webhook", "--secret-file", secret[1]).faults
    assert [fault.split(" is answered")[0] for fault in faults] == wrong(status)


def test_a_redirect_of_a_receiver_is_a_fault(secret: tuple[str, str]) -> None:
    with hook() as ear, served(Hook()) as other:
        ear.status, ear.more = 308, {"Location": other.url}
        assert len(Checked(ear.url, "--webhook", "--secret-file", secret[1]).faults) == 7
        assert other.seen == []


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["http://127.0.0.1:9/"], "--describe"),
        (["http://127.0.0.1:9/", "--webhook"], "--secret-file"),
        (["http://127.0.0.1:9/", "--describe", "/nowhere"], "cannot be read"),
        (["http://127.0.0.1:9/", "--webhook", "--secret-file", "/etc/hostname"], "whsec_"),
        (["http://127.0.0.1:9/", "--describe", "/etc/hostname"], "TOML"),
    ],
)
def test_what_is_missing_is_told(words: list[str], refusal: str) -> None:
    checked = Checked(*words)
    assert (checked.content, refusal in checked.refusal) == (False, True)


def test_an_address_that_the_portal_does_not_send_to_is_a_fault(secret: tuple[str, str]) -> None:
    assert "https" in Checked("http://hooks.example.org/", "--webhook", "--secret-file", secret[1]).faults[0]
