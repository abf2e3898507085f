"""Questions that are not answered: not as agreed, too old, answered already, of nobody we know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone
from joserfc.jwk import ECKey

from portal.requests.leaving.question import question_of, read, written
from portal.requests.models import HandOver, Request
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.another_city import OULU_URL, City, oulu, turku
from tests.requests.taking import signed_in_again
from tests.residents import Resident, grow_old
from tests.sheets import put_sheet

__all__ = ["city", "oulu", "resident_in", "turku"]
Enter = Callable[[str], Resident]
OTHER = ECKey.generate_key("P-256", {"kid": "unheard-of"})


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """Signed in, with loans."""
    one = resident_in("raili")
    put_sheet(one.person, "library-loans", [{"title": "Kalevala"}])
    return one


# ---- the question -------------------------------------------------------------------------------------------------
BENT: dict[str, dict[str, Any]] = {
    "a city that is not trusted": {"client_id": "nowhere"},
    "no city": {"client_id": None},
    "another address": {"redirect_uri": "https://evil.example/transfers/arrived"},
    "another path": {"redirect_uri": "https://turku.example/transfers/arrived/"},
    "another city's address": {"redirect_uri": f"{OULU_URL}/transfers/arrived"},
    "an address with more": {"redirect_uri": "https://turku.example/transfers/arrived?next=x"},
    "no address": {"redirect_uri": None},
    "plain PKCE": {"code_challenge_method": "plain"},
    "no method, which means plain": {"code_challenge_method": None},
    "no challenge": {"code_challenge": None},
    "a short challenge": {"code_challenge": "abc"},
    "a challenge of no digest": {"code_challenge": "B" * 43},
    "no state": {"state": None},
    "a short state": {"state": "short"},
    "a state with a line": {"state": "a" * 20 + "\n"},
    "the implicit way": {"response_type": "token"},
    "another scope": {"scope": "openid"},
    "no scope": {"scope": None},
    "two states": {"state": ["a" * 20, "b" * 20]},
    "two cities": {"client_id": ["turku", "oulu"]},
}


@pytest.mark.security("V10.4.1", "V10.4.6")
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
def test_a_question_that_is_not_as_agreed_is_a_page_and_never_a_way_elsewhere(
    bend: dict[str, Any], language: str, turku: City, resident_in: Enter
) -> None:
    browser = resident_in("raili").browser
    browser.cookies["django_language"] = language
    answer = turku.ask(browser, **bend)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert "turku.example" not in answer.content.decode()


def test_without_a_list_of_cities_nobody_is_answered(turku: City, raili: Resident, settings: LazySettings) -> None:
    settings.TRUSTED_CITIES_FILE = None
    assert turku.ask(raili.browser).status_code == 400


def test_questions_of_one_address_are_counted(turku: City, raili: Resident, settings: LazySettings) -> None:
    settings.SIGN_INS_PER_MINUTE = 0
    answer = turku.ask(raili.browser)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)


def test_a_stranger_signs_in_first_and_comes_back_to_the_question(turku: City, raili: Resident) -> None:
    page = turku.page(raili)
    raili.browser.post("/sign-out/")
    answer = raili.browser.get(page)
    assert (answer.status_code, answer.headers["Location"].split("?next=")[0]) == (302, "/en/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_answered_after_a_fresh_sign_in_only(method: str, turku: City, raili: Resident) -> None:
    page = turku.page(raili)
    grow_old(raili)
    answer = getattr(raili.browser, method)(page, {"items": ["library-loans"], "yes": "yes"})
    assert (answer.status_code, "Sign in once more" in answer.content.decode(), count()) == (403, True, 0)


def test_a_question_is_open_for_ten_minutes(turku: City, raili: Resident) -> None:
    page = turku.page(raili)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        answer = signed_in_again(raili).browser.post(page, {"items": ["library-loans"], "yes": "yes"})
    assert (answer.status_code, count()) == (410, 0)


def test_an_address_that_we_did_not_write_asks_nothing(turku: City, raili: Resident) -> None:
    page = turku.page(raili)
    for bent in (page.replace("hand-over/", "hand-over/x"), "/en/move/hand-over/no-such-question/", page[:-9] + "/"):
        assert raili.browser.post(bent, {"items": ["library-loans"], "yes": "yes"}).status_code == 410
    assert count() == 0


def test_a_question_that_was_answered_is_not_answered_by_another_person(
    turku: City, raili: Resident, resident_in: Enter
) -> None:
    page = turku.page(raili)
    raili.browser.post(page, {"items": ["library-loans"], "yes": "yes"})
    otso = resident_in("otso")
    put_sheet(otso.person, "library-loans", [{"title": "Muumit"}])
    answer = otso.browser.post(page, {"items": ["library-loans"], "yes": "yes"})
    assert (answer.status_code, count()) == (409, 1)


def test_what_is_not_offered_cannot_be_chosen(turku: City, raili: Resident) -> None:
    answer = raili.browser.post(turku.page(raili), {"items": ["library-holds"], "yes": "yes"})
    assert (answer.status_code, count()) == (422, 0)


def test_the_address_of_a_question_holds_nothing_of_who_answers(turku: City, raili: Resident) -> None:
    told = {name: [value] for name, value in turku.question().items()}
    question = question_of(told, return_of=lambda _: turku.redirect_uri)
    now = timezone.now()
    assert read(written(question, at=now), at=now) == question


def count() -> int:
    with scope(Role.WORKER):
        assert HandOver.objects.count() == Request.objects.count()
        return HandOver.objects.count()
