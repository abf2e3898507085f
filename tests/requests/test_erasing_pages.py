"""Erasing by its pages: chosen, seen, pressed after a fresh sign-in; another's goes to the keeper; with a stop."""

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from msgspec import json

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.models import Announcement, Consent
from consents.queries.reading import consents_of
from demo.population.server import Population
from portal.keys.signing import public_keys
from portal.ledger.actor import resident
from portal.requests.enums import RequestKind, RequestState
from portal.requests.erasing.models import Plan
from portal.requests.erasing.systems import rehearse_plan
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.acting import register
from tests.pages.conftest import city, resident_in
from tests.pages.family import act_for, child, guardian
from tests.requests.erasures import BOATS, LIBRARY, UNPAID, Department, copied, copies, departments, planned, run
from tests.requests.test_package import VERIFY
from tests.residents import Resident, grow_old

__all__ = ["child", "city", "register", "resident_in"]
Enter = Callable[[str], Resident]


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


def requests_made() -> list[Request]:
    with scope(Role.WORKER):
        return list(Request.objects.order_by("number"))


def text(one: Resident, path: str, language: str = "fi") -> str:
    return re.sub(r"\s+", " ", one.browser.get(f"/{language}/{path}").content.decode())


def chosen(one: Resident, **told: Any) -> str:
    answer = one.browser.post("/fi/rights/erase/", told)
    assert answer.status_code == 302
    return str(answer.headers["Location"]).removeprefix("/fi/")


@pytest.mark.parametrize(
    ("language", "refuses"),
    [
        ("fi", "Liikunta ei poista tietojaan:"),
        ("sv", "raderar inte sina uppgifter:"),
        ("en", "does not erase the data that it holds:"),
    ],
)
def test_the_page_tells_of_each_register_what_goes_what_stays_and_why(
    language: str, refuses: str, systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, systems["sports"].refuses = resident_in("raili"), True
    copied(raili.person, "library-card", "sports-courses")
    path = chosen(raili, everything="on")
    rehearse_plan(_plan(raili), at=timezone.now())
    page = text(raili, path, language)
    assert (refuses in page, UNPAID[language] in page) == (True, True)
    # The sports register rests on a public task: its law is named.
    assert "390/2015" in page
    assert (copies(raili.person), requests_made()) == ({"library-card", "sports-courses"}, [])


def _plan(one: Resident) -> Any:
    with scope(Role.RESIDENT, persons=[one.person]):
        return Plan.objects.get().pk


def test_while_the_systems_are_asked_the_page_says_so_and_waits_for_none(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    path = chosen(raili, registers=[LIBRARY])
    assert ("Kysymme yksiköiden järjestelmiltä." in text(raili, path), systems["library"].seen) == (True, [])
    rehearse_plan(_plan(raili), at=timezone.now())
    assert "Kysymme yksiköiden järjestelmiltä." not in text(raili, path)


def test_nothing_chosen_is_told_in_words(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer = raili.browser.post("/fi/rights/erase/", {})
    assert (answer.status_code, "Valitse kaikki tai vähintään yksi rekisteri." in answer.content.decode()) == (
        422,
        True,
    )
    assert raili.browser.post("/fi/rights/erase/", {"registers": ["no-such"]}).status_code == 422


@pytest.mark.security("V7.5.3")
def test_an_erasure_asks_for_a_fresh_sign_in_and_so_does_leaving(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    path = chosen(raili, everything="on")
    grow_old(raili)
    for act in (path, "settings/leave/"):
        assert (raili.browser.get(f"/fi/{act}").status_code, raili.browser.post(f"/fi/{act}").status_code) == (200, 403)
    assert requests_made() == []


def test_the_whole_way_by_pages(systems: dict[str, Department], resident_in: Enter, tmp_path: Path) -> None:
    raili, systems["sports"].refuses = resident_in("raili"), True
    copied(raili.person, "library-card")
    path = chosen(raili, registers=[LIBRARY, BOATS])
    for _ in range(2):
        assert raili.browser.post(f"/fi/{path}").status_code == 302
    [request] = requests_made()
    assert (request.kind, request.state) == (RequestKind.ERASE, RequestState.WORKING)
    run(request)
    assert f"/rights/{request.pk}/receipt/" in text(raili, f"rights/{request.pk}/")
    receipt = text(raili, f"rights/{request.pk}/receipt/")
    assert ("Kirjasto on poistanut tietosi" in receipt, UNPAID["fi"] in receipt) == (True, True)
    file = raili.browser.get(f"/fi/rights/{request.pk}/receipt/json/")
    assert (file.headers["Content-Type"], set(file.json())) == ("application/json", {"receipt", "signature"})
    # Anybody checks it, without signing in here or without the portal at all; and not one that was changed.
    told = [
        Client().post("/verify/", sent, content_type="application/json").json()
        for sent in (file.content, file.content.replace(b'"copies_erased":', b'"copies_erased":1', 1))
    ]
    assert [(each["genuine"], each["event_type"], each["fault"]) for each in told] == [
        (True, "erased", None),
        (False, None, "changed"),
    ]
    keys, verifier = tmp_path / "jwks.json", runpy.run_path(str(VERIFY))
    keys.write_bytes(json.encode({"keys": public_keys("receipts")}))
    signers = verifier["keys_of"](str(keys), {})[1]
    assert verifier["check_receipt"](file.json(), {}, signers).startswith("The receipt is genuine.")
    data = text(raili, "data/")
    assert "Osaa tiedoistasi ei kopioida tänne" in data


def test_a_receipt_is_there_only_when_it_is_done(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    raili.browser.post(f"/fi/{chosen(raili, everything='on')}")
    [request] = requests_made()
    assert raili.browser.get(f"/fi/rights/{request.pk}/receipt/").status_code == 404
    assert raili.browser.get(f"/fi/rights/{uuid4()}/receipt/").status_code == 404


def test_another_choice_forgets_the_one_before(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    first, second = planned(raili.person, LIBRARY), planned(raili.person, BOATS)
    assert [raili.browser.get(f"/fi/rights/erase/{each.pk}/").status_code for each in (first, second)] == [404, 200]


@pytest.mark.parametrize("age", [7, 14])
def test_a_guardians_erasure_goes_to_the_keeper_and_the_child_sees_it(
    age: int, systems: dict[str, Department], child: Callable[[int], Resident], register: Population
) -> None:
    young, aino, mikael = child(age), guardian("aino"), guardian("mikael")
    copied(young.person, "library-card")
    for one in (aino, mikael):
        act_for(one, young)
        if one.browser.get("/fi/rights/erase/").status_code == 200:
            path = chosen(one, registers=[LIBRARY])
            assert "rights/" in one.browser.post(f"/fi/{path}").headers["Location"]
    made = requests_made()
    # Both guardians asked for the same: it is one request, a person looks at it, and nothing went by itself.
    assert [(each.state, each.department, each.register, each.asked_right) for each in made] == [
        (RequestState.RECEIVED, "library", LIBRARY, "guardian")
    ]
    assert (copies(young.person), systems["library"].effects) == ({"library-card"}, 0)
    assert made[0].number in text(young, "rights/")


def given(one: Resident) -> Consent:
    with scope(Role.RESIDENT, persons=[one.person]):
        asked = consents_of(one.person).filter(state="requested").first()
        assert asked is not None
        give(asked.pk, shown=Shown(asked.text_id, "fi"), by=resident(one.person), at=timezone.now())
        return consents_of(one.person).get(pk=asked.pk)


@pytest.mark.parametrize(("told", "count"), [({}, 0), ({"erase": "on"}, 1)])
def test_a_permission_is_stopped_and_its_receiver_asked_to_erase_in_one_press(
    told: dict[str, str], count: int, resident_in: Enter
) -> None:
    raili = resident_in("raili")
    consent = given(raili)
    page = text(raili, f"permissions/{consent.pk}/stop/")
    assert ('name="erase"' in page, "checked" in page) == (True, False)
    for _ in range(2):
        raili.browser.post(f"/fi/permissions/{consent.pk}/stop/", told)
    made = requests_made()
    assert [(each.kind, each.department, each.aim, each.state) for each in made] == [
        (RequestKind.ERASE, consent.recipient, consent.purpose.slug, RequestState.RECEIVED)
    ] * count
    with scope(Role.WORKER):
        assert Consent.objects.get(pk=consent.pk).state == "withdrawn"
        heard = [(row.department, row.due_at is None) for row in Announcement.objects.filter(kind="data.erased")]
    assert heard == [(consent.recipient, False)] * count
