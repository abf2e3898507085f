"""A maker's service is tied by whoever it is about, and by nobody else."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import httpx2
import pytest
from django.utils import timezone

from demo.makers.server import Makers
from demo.people.person import identity_code
from demo.population.server import Population
from demo.watches import EXPORTS, days
from portal.jobs.models import Job
from portal.ledger.models import Entry
from portal.outward.addresses import inward, let_inward
from portal.walls import Role, scope
from tests.acting import act, register
from tests.pages.conftest import city, resident_in
from tests.residents import Resident, enter
from tests.wearables.bringing import allow, bring, read_all
from tests.wearables.tying import (
    books_of,
    entries,
    fetch,
    figures,
    leave,
    made,
    page,
    raili,
    say,
    take_back,
    tie,
    ties_of,
)

__all__ = ["city", "made", "raili", "register", "resident_in"]
Enter = Callable[[str], Resident]
BOTH = pytest.mark.parametrize("maker", ["oura", "polar"])


@BOTH
def test_there_and_back_what_was_measured_comes_and_nothing_counts_twice(
    maker: str, made: Makers, raili: Resident
) -> None:
    assert "Connect the service" in page(raili)
    assert tie(raili, maker) == "/fi/devices/?tie=tied"
    fetch(raili)
    first = figures(raili)
    assert {measure for measure, _, _ in first} >= {"steps", "distance", "active", "sleep", "heart_rate", "workout"}
    assert len({day for measure, day, _ in first if measure == "steps"}) == 27
    fetch(raili)
    assert figures(raili) == first
    assert entries(raili) == ["tied", "fetched", "fetched"]
    assert ("Last fetched" in page(raili), "Fetch now" in page(raili)) == (True, True)


def test_a_file_of_the_same_days_adds_nothing(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    fetch(raili)
    before = figures(raili)
    bring(raili, EXPORTS["oura"](days(made.oura.first, 60, seed=7)), "oura.json")
    assert read_all(raili).state == "done"
    assert {key: value for key, value in figures(raili).items() if key in before} == before


def test_without_an_agreement_nothing_is_offered(raili: Resident) -> None:
    assert "Connect the service" not in page(raili)
    assert raili.browser.post("/fi/devices/ties/oura/").status_code == 404
    assert raili.browser.get("/devices/tied/oura/?code=x&state=y").status_code == 404
    # Nor of a maker that there is not.
    told = [raili.browser.post(f"/fi/devices/ties/sundial/{each}").status_code for each in ("", "fetch/", "cut/")]
    assert told == [404] * 3


def test_without_a_yes_to_keeping_nothing_is_tied(made: Makers, resident_in: Enter) -> None:
    one = resident_in("raili")
    assert one.browser.post("/fi/devices/ties/oura/").headers["Location"] == "/fi/devices/"
    assert made.oura.asked == []


def test_below_fifteen_nothing_is_tied(made: Makers, city: None) -> None:
    child = enter("child", code=identity_code(date(2014, 5, 6), 912, sign="A"))
    told = [child.browser.post(f"/fi/devices/ties/oura/{each}").status_code for each in ("", "fetch/", "cut/")]
    assert (told, child.browser.get("/devices/tied/oura/?code=x&state=y").status_code) == ([404] * 3, 404)


def test_a_yes_that_ended_on_the_way_ties_nothing(made: Makers, raili: Resident) -> None:
    back = say(leave(raili, "oura"))
    take_back(raili)
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=again"
    assert (ties_of(raili), made.oura.access) == ([], set())


@pytest.mark.security("V10.1.2")
def test_a_state_that_is_not_ours_ties_nothing(made: Makers, raili: Resident) -> None:
    back = say(leave(raili, "oura"))
    assert raili.browser.get(back.replace("state=", "state=x")).headers["Location"] == "/fi/devices/?tie=again"
    # Used up by the wrong one: the right one comes too late.
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=again"
    assert ties_of(raili) == []


@pytest.mark.security("V10.5.1")
def test_a_code_that_comes_twice_ties_once(made: Makers, raili: Resident) -> None:
    back = say(leave(raili, "oura"))
    told = [raili.browser.get(back).headers["Location"].rpartition("?")[2] for _ in range(2)]
    assert (told, len(ties_of(raili)), len(made.oura.access)) == (["tie=tied", "tie=again"], 1, 1)


@pytest.mark.security("V10.1.2")
def test_another_residents_way_back_leads_nowhere(made: Makers, raili: Resident, resident_in: Enter) -> None:
    other = resident_in("otso")
    allow(other)
    leave(other, "oura")
    back = say(leave(raili, "oura"))
    assert other.browser.get(back).headers["Location"] == "/fi/devices/?tie=again"
    assert (ties_of(other), ties_of(raili)) == ([], [])


def test_a_way_that_took_too_long_is_begun_again(
    made: Makers, raili: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = say(leave(raili, "oura"))
    late = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=again"


def test_a_code_is_of_no_use_without_what_proves_who_asked(made: Makers, raili: Resident) -> None:
    code = say(leave(raili, "oura")).partition("code=")[2].partition("&")[0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": made.oura.back, "code_verifier": "guess"}
    form |= {"client_id": "mydata", "client_secret": "made-up-secret"}
    assert httpx2.post(f"{made.url}/oura/oauth/token", data=form).json() == {"error": "invalid_grant"}


def test_a_no_at_the_makers_ties_nothing(made: Makers, raili: Resident) -> None:
    answer = raili.browser.get(say(leave(raili, "polar"), "no"))
    assert answer.headers["Location"] == "/fi/devices/?tie=refused"
    assert ("Nothing was connected." in page(raili, "?tie=refused"), ties_of(raili)) == (True, [])


def test_a_maker_that_is_silent_ties_nothing(made: Makers, raili: Resident) -> None:
    back = say(leave(raili, "polar"))
    made.polar.is_silent = True
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=failed"
    assert ties_of(raili) == []


@pytest.fixture
def nothing_inward() -> Iterator[None]:
    before = inward()
    let_inward([])
    yield
    let_inward(before)


def test_a_maker_at_an_inward_address_is_not_asked(made: Makers, raili: Resident, nothing_inward: None) -> None:
    back = say(leave(raili, "oura"))
    before = list(made.oura.asked)
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=failed"
    assert made.oura.asked == before


def test_whoever_acts_for_another_finds_no_tie(
    made: Makers, raili: Resident, resident_in: Enter, register: Population
) -> None:
    otso = resident_in("otso")
    allow(otso)
    tie(otso, "oura")
    tie(raili, "oura")
    assert act(otso, "raili").status_code == 302
    told = [otso.browser.post(f"/fi/devices/ties/oura/{each}").status_code for each in ("", "fetch/", "cut/")]
    told.append(otso.browser.get("/devices/tied/oura/?code=x&state=y").status_code)
    assert (told, len(ties_of(raili)), len(ties_of(otso))) == ([404] * 4, 1, 1)


@pytest.mark.security("V14.2.1")
@BOTH
def test_tokens_are_in_no_log_address_or_queue(
    maker: str, made: Makers, raili: Resident, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tie(raili, maker)
    secrets = [*books_of(made, maker).access, *books_of(made, maker).refresh]
    raili.browser.post(f"/fi/devices/ties/{maker}/fetch/")
    fetch(raili)
    raili.browser.post(f"/fi/devices/ties/{maker}/cut/")
    with scope(Role.WORKER):
        queued = str(list(Job.objects.values_list("arguments", flat=True)))
        logged = str(list(Entry.objects.values_list("counts", flat=True)))
    told = caplog.text + queued + logged + " ".join(books_of(made, maker).asked)
    assert (len(secrets) > 0, [each for each in secrets if each in told]) == (True, [])
