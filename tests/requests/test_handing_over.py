"""Another city comes for a resident's data: asked, answered, a code for a token, the token for the bytes (RFC 6749)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from datasources.transfers.package.verifying import Expected, KeyFound, verify
from demo.people import everyone
from portal.keys.package_keys import published_keys
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.requests.models import Package, Piece
from portal.requests.tasks import settle_hand_over
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.another_city import HERE, City, agreed, is_made, newest_request, oulu, returned, turku
from tests.residents import Resident
from tests.sheets import put_sheet

__all__ = ["city", "oulu", "resident_in", "turku"]
Enter = Callable[[str], Resident]


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """Signed in, with loans."""
    one = resident_in("raili")
    put_sheet(one.person, "library-loans", [{"title": "Kalevala", "due_on": "2026-12-01"}, {"title": "=1+1"}])
    return one


def read(content: bytes, slug: str = "raili") -> Any:
    """As the other city would: verified with the keys that this city publishes."""
    code = next(person.identity_code for person in everyone() if person.slug == slug)
    keys = {key["kid"]: key for key in published_keys(at=timezone.now())}
    expected = Expected(code, "turku", timezone.now(), lambda _: False)
    return verify(BytesIO(content), lambda _, kid: KeyFound(keys[kid]), expected)


def bytes_of(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def kinds(one: Resident) -> list[str]:
    with scope(Role.WORKER):
        while sequence(at=timezone.now()):
            pass
        return list(Entry.objects.filter(subject=one.person, kind__contains="city").values_list("kind", flat=True))


def test_what_was_agreed_to_is_fetched_once_and_whole(raili: Resident, turku: City) -> None:
    code = agreed(turku, raili)
    token = turku.token(code)
    waiting = turku.fetch(token)
    assert (waiting.status_code, waiting.json(), waiting["Retry-After"]) == (202, {"made": 0, "of": 1}, "2")
    is_made(raili)
    package = read(bytes_of(turku.fetch(token)))
    assert [item.id for item in package.manifest.items] == ["library-loans"]
    assert package.manifest.head.audience == "turku"
    assert turku.fetch(token).status_code == 401


def test_afterwards_nothing_of_it_is_kept_and_the_log_tells_both_sides(raili: Resident, turku: City) -> None:
    token = turku.token(agreed(turku, raili))
    is_made(raili)
    bytes_of(turku.fetch(token))
    settle_hand_over(request_id=str(newest_request(raili).pk))
    with scope(Role.WORKER):
        assert (Package.objects.count(), Piece.objects.count()) == (0, 0)
    assert (newest_request(raili).state, newest_request(raili).outcome) == ("answered", "done")
    assert sorted(kinds(raili)) == ["requests.fetched_by_city", "requests.handed_to_city"]
    page = raili.browser.get("/sv/usage/").content.decode()
    assert ("Åbo" in page, "%(city)s" in page) == (True, False)


def test_the_answer_goes_back_with_state_and_issuer(raili: Resident, turku: City) -> None:
    answer = raili.browser.post(turku.page(raili), {"items": ["library-loans"], "yes": "yes"})
    assert answer.headers["Location"].startswith(f"{turku.redirect_uri}?")
    told = returned(answer)
    assert (sorted(told), told["state"], told["iss"]) == (["code", "iss", "state"], turku.state, HERE)


def test_a_no_tells_nothing_but_that(raili: Resident, turku: City) -> None:
    answer = raili.browser.post(turku.page(raili), {"no": "no", "items": ["library-loans"]})
    assert returned(answer) == {"error": "access_denied", "state": turku.state, "iss": HERE}
    assert kinds(raili) == []


@pytest.mark.security("V10.7.2")
def test_yes_and_no_weigh_the_same_and_nothing_is_chosen(raili: Resident, turku: City) -> None:
    page = raili.browser.get(turku.page(raili)).content.decode()
    assert (page.count('<button class="button plain" name='), "checked" in page) == (2, False)
    assert "Hand over to Turku" in page


def test_nothing_chosen_is_told_in_words_and_nothing_is_handed_over(raili: Resident, turku: City) -> None:
    answer = raili.browser.post(turku.page(raili), {"yes": "yes"})
    assert (answer.status_code, "Choose one kind of data at least." in answer.content.decode()) == (422, True)
    assert kinds(raili) == []


def test_pressed_twice_it_is_one_request_and_the_first_code_leads_nowhere(raili: Resident, turku: City) -> None:
    page, told = turku.page(raili), {"items": ["library-loans"], "yes": "yes"}
    first, second = (returned(raili.browser.post(page, told))["code"] for _ in range(2))
    assert turku.trade(first).json() == {"error": "invalid_grant"}
    assert turku.token(second)
    assert kinds(raili) == ["requests.handed_to_city"]
    again = raili.browser.post(page, told)
    assert (again.status_code, "answered it already" in again.content.decode()) == (409, True)


@pytest.mark.security("V10.4.9")
def test_taken_back_before_it_is_fetched_nobody_gets_it(raili: Resident, turku: City) -> None:
    token = turku.token(agreed(turku, raili))
    is_made(raili)
    request = newest_request(raili)
    assert "Take the request back" in raili.browser.get(f"/en/rights/{request.pk}/").content.decode()
    raili.browser.post(f"/en/rights/{request.pk}/take-back/")
    assert turku.fetch(token).status_code == 401


def test_what_is_for_a_city_is_not_downloaded_by_anybody(raili: Resident, turku: City) -> None:
    agreed(turku, raili)
    is_made(raili)
    assert raili.browser.post(f"/en/rights/{newest_request(raili).pk}/package/").status_code == 404


def test_what_breaks_off_is_begun_again(raili: Resident, turku: City) -> None:
    token = turku.token(agreed(turku, raili))
    is_made(raili)
    begun = iter(turku.fetch(token).streaming_content)
    assert next(begun)[:2] == b"PK"
    assert read(bytes_of(turku.fetch(token)))


def test_a_request_made_anew_does_not_stand_in_the_way_of_the_one_before(raili: Resident, turku: City) -> None:
    first = agreed(turku, raili)
    turku.state = turku.state[::-1]
    second = agreed(turku, raili)
    assert turku.token(first) != turku.token(second)
