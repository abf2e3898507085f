"""Changes in lives in the back office, and somebody who has died at a service point."""

import html

import pytest
from django.test import Client
from django.utils import timezone

from portal.ledger.actor import system
from portal.requests.life.closing import close_account
from portal.requests.life.models import LifeChange
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.lives import row_of
from tests.requests.queue import OWN, Enter
from tests.requests.test_new_code import NEW
from tests.residents import CODES
from tests.servicepoint.test_recording import clerk, kinds_about
from tests.staffing import Hire, hire

__all__ = ["city", "clerk", "hire", "resident_in"]
LIST = "/admin/life/lifechange/"


@pytest.fixture
def two(hire: Hire) -> list[Client]:
    return [hire("dpo", "*", code=OWN[slug]) for slug in ("dpo", "keeper-library")]


def told(browser: Client, **more: str) -> tuple[int, str]:
    sent = {"kind": "death", "identity_code": CODES["raili"], "new_code": "", "case": "77/2026"} | more
    answer = browser.post(f"{LIST}add/", sent)
    return answer.status_code, html.unescape(answer.content.decode())


def address() -> str:
    with scope(Role.WORKER):
        return f"{LIST}{LifeChange.objects.get().pk}/change/"


def test_an_officer_tells_a_death_and_a_colleague_confirms_it(two: list[Client], resident_in: Enter) -> None:
    raili, (one, other) = resident_in("raili"), two
    assert told(one)[0] == 302
    pages = [browser.get(address()).content.decode() for browser in two]
    assert ["Confirm the change" in page for page in pages] == [False, True]
    assert not any(CODES["raili"] in page or str(raili.person) in page for page in pages)
    sent = {"do": "confirm", "identity_code": CODES["raili"]}
    assert "let a colleague confirm it" in one.post(address(), sent).content.decode()
    wrong = other.post(address(), sent | {"identity_code": CODES["otso"]})
    assert (wrong.status_code, row_of(raili.person).closed_at) == (422, None)
    assert raili.browser.get("/en/home/").status_code == 200
    assert other.post(address(), sent).status_code == 302
    assert row_of(raili.person).closed_at is not None
    assert raili.browser.get("/en/home/").headers["Location"].startswith("/en/?next=")
    assert "Confirm the change" not in other.get(address()).content.decode()


def test_a_change_is_dropped_by_whoever_told_it(two: list[Client], resident_in: Enter) -> None:
    raili, (one, other) = resident_in("raili"), two
    told(one)
    assert one.post(address(), {"do": "drop"}).status_code == 302
    assert other.post(address(), {"do": "confirm", "identity_code": CODES["raili"]}).status_code == 200
    assert row_of(raili.person).closed_at is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"identity_code": "131052-308X"}, "This is not an identity code."),
        ({"identity_code": NEW}, "Nobody with this identity code is known here."),
        ({"new_code": NEW}, "if there are two, and only then"),
        ({"kind": "code"}, "if there are two, and only then"),
        ({"kind": "code", "new_code": CODES["raili"]}, "The two identity codes are the same."),
        ({"kind": "join"}, "if there are two, and only then"),
        ({"kind": "join", "new_code": NEW}, "Nobody else is known here by the code that holds now."),
        ({"case": ""}, "required"),
    ],
)
def test_what_does_not_fit_is_told_and_no_code_is_shown(
    sent: dict[str, str], words: str, two: list[Client], resident_in: Enter
) -> None:
    resident_in("raili")
    status, page = told(two[0], **sent)
    assert (status, words in page, CODES["raili"] in page or NEW in page) == (422, True, False)
    with scope(Role.WORKER):
        assert not LifeChange.objects.exists()


@pytest.mark.parametrize(("group", "status"), [("keeper", 404), ("desk", 404), ("auditor", 200)])
def test_others_tell_nothing_and_only_auditors_read(
    group: str, status: int, two: list[Client], hire: Hire, resident_in: Enter
) -> None:
    raili, browser = resident_in("raili"), hire(group, "*", code=OWN["auditor"])
    told(two[0])
    assert browser.post(f"{LIST}add/", {}).status_code == 403
    assert browser.get(address()).status_code == status
    assert browser.post(address(), {"do": "confirm", "identity_code": CODES["raili"]}).status_code == status
    assert row_of(raili.person).closed_at is None


def test_at_a_service_point_somebody_who_has_died_is_not_opened(clerk: Client, resident_in: Enter) -> None:
    raili = resident_in("raili")
    close_account(raili.person, by=system("tests"), at=timezone.now())
    clerk.post("/admin/desk/", {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026"})
    answer = clerk.post("/admin/desk/open/", {"do": "open"})
    assert (answer.status_code, "desk.opened" in kinds_about(raili.person)) == (404, False)
    assert "people.not_available" in kinds_about(raili.person)


def test_who_dies_while_they_are_open_is_open_no_more(clerk: Client, resident_in: Enter) -> None:
    raili = resident_in("raili")
    clerk.post("/admin/desk/", {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026"})
    clerk.post("/admin/desk/open/", {"do": "open"})
    assert clerk.get("/admin/desk/person/").status_code == 200
    close_account(raili.person, by=system("tests"), at=timezone.now())
    assert clerk.get("/admin/desk/person/").status_code == 404
