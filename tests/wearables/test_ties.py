"""A maker's service is tied by whoever it is about, fetched from once a day, and cut at both ends."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from django.utils import timezone

from consents.actions.answering import withdraw
from consents.actions.traces import Shown
from consents.queries.reading import consents_of
from datasources.wearables.actions.fetching import fetch_tie, ring_all
from datasources.wearables.actions.removing import forget_all
from datasources.wearables.enums import KEEPING
from datasources.wearables.models import Tie
from datasources.wearables.queries.figures import held_by
from datasources.wearables.queries.ties import sealed_tokens, tokens_in
from demo.makers.server import Makers
from demo.population.server import Population
from demo.watches import EXPORTS, days
from portal.jobs.models import Job
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.walls import Role, scope
from tests.acting import act, register
from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.wearables.bringing import WORKER, allow, bring, read_all
from tests.wearables.tying import agreed, books_of, fetch, leave, say, tie, ties_of

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
BOTH = pytest.mark.parametrize("maker", ["oura", "polar"])


@pytest.fixture
def made(settings: Any) -> Iterator[Makers]:
    with agreed(settings) as server:
        yield server


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    one = resident_in("raili")
    allow(one)
    return one


def figures(one: Resident) -> dict[tuple[str, str, str], float]:
    with scope(Role.RESIDENT, persons=[one.person]):
        return {(each.measure.value, str(each.day), each.source): each.value for each in held_by(one.person).figures}


def entries(one: Resident) -> list[str]:
    with scope(Role.RESIDENT, persons=[one.person]):
        told = Entry.objects.filter(subject=one.person, kind__startswith="wearables.").order_by("at")
        return [kind.removeprefix("wearables.") for kind in told.values_list("kind", flat=True)]


def page(one: Resident, told: str = "") -> str:
    return one.browser.get(f"/en/devices/{told}").content.decode()


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


def test_without_a_yes_to_keeping_nothing_is_tied(made: Makers, resident_in: Enter) -> None:
    one = resident_in("raili")
    assert one.browser.post("/fi/devices/ties/oura/").headers["Location"] == "/fi/devices/"
    assert made.oura.asked == []


def test_a_yes_that_ended_on_the_way_ties_nothing(made: Makers, raili: Resident) -> None:
    back = say(leave(raili, "oura"))
    take_back(raili)
    assert raili.browser.get(back).headers["Location"] == "/fi/devices/?tie=again"
    assert (ties_of(raili), made.oura.access) == ([], set())


def take_back(one: Resident) -> None:
    with scope(Role.RESIDENT, persons=[one.person]):
        consent = consents_of(one.person).get(purpose__slug=KEEPING)
        withdraw(consent.pk, shown=Shown(consent.text_id, "fi"), by=resident(one.person), at=timezone.now())


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


def age(one: Resident, **changes: Any) -> None:
    """As if the tokens had so long left."""
    with scope(Role.WORKER):
        row = Tie.objects.get(person_id=one.person)
        key = existing_person_keys([one.person], KeyScope.BROUGHT)[one.person]
        tokens = tokens_in(row, key)
        assert tokens is not None
        told = {"access": tokens.access, "refresh": tokens.refresh, "ends_at": tokens.ends_at} | changes
        Tie.objects.filter(pk=row.pk).update(sealed_tokens=sealed_tokens(type(tokens)(**told), of=row, key=key))


@pytest.mark.parametrize(
    "changes", [{"ends_at": timezone.now() + timedelta(minutes=5)}, {"access": "ended-before-its-time"}]
)
def test_a_token_that_ends_is_renewed_and_kept(changes: dict[str, Any], made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    before = set(made.oura.refresh)
    age(raili, **changes)
    fetch(raili)
    fetch(raili)
    assert (made.oura.refresh & before, len(made.oura.refresh)) == (set(), 1)
    assert entries(raili) == ["tied", "fetched", "fetched"]


@BOTH
def test_a_tie_that_was_ended_there_is_told_on_the_page_and_in_a_notice(
    maker: str, made: Makers, raili: Resident
) -> None:
    tie(raili, maker)
    books_of(made, maker).take_back()
    fetch(raili)
    [row] = ties_of(raili)
    assert (row.state, row.sealed_tokens, entries(raili)) == ("ended", None, ["tied", "tie_ended"])
    assert "the permission was taken back or has ended there" in page(raili)
    with scope(Role.RESIDENT, persons=[raili.person]):
        assert Notice.objects.filter(kind="tie_ended").count() == 1
    assert tie(raili, maker) == "/fi/devices/?tie=tied"
    assert [row.state for row in ties_of(raili)] == ["tied"]


@BOTH
def test_a_maker_that_asks_to_wait_is_not_asked_before(maker: str, made: Makers, raili: Resident) -> None:
    tie(raili, maker)
    books_of(made, maker).wait = 300
    before = timezone.now()
    fetch(raili)
    [row] = ties_of(raili)
    assert row.waits_until_at is not None
    assert timedelta(seconds=299) < row.waits_until_at - before < timedelta(seconds=330)
    with scope(Role.WORKER):
        due = [job.due_at for job in Job.objects.filter(name="wearables.fetch_tie")]
        assert (row.waits_until_at in due, ring_all(by=WORKER, at=before)) == (True, 0)
    asked = len(books_of(made, maker).asked)
    fetch(raili)
    assert len(books_of(made, maker).asked) == asked
    assert raili.browser.post(f"/fi/devices/ties/{maker}/fetch/").headers["Location"] == "/fi/devices/?tie=later"
    books_of(made, maker).wait = 0
    later = row.waits_until_at
    fetch_tie(row.pk, by=WORKER, at=later, now=lambda: later)
    assert entries(raili) == ["tied", "fetched"]


def test_a_maker_that_is_silent_is_asked_another_day(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    made.oura.is_silent = True
    fetch(raili)
    assert "The service did not answer. We ask again tomorrow." in page(raili)
    made.oura.is_silent = False
    fetch(raili)
    assert entries(raili) == ["tied", "fetched"]


@BOTH
def test_a_cut_is_made_at_both_ends_and_what_was_fetched_stays(maker: str, made: Makers, raili: Resident) -> None:
    tie(raili, maker)
    fetch(raili)
    before = figures(raili)
    assert raili.browser.post(f"/fi/devices/ties/{maker}/cut/").headers["Location"] == "/fi/devices/?tie=cut"
    assert (ties_of(raili), books_of(made, maker).access, figures(raili) == before) == ([], set(), True)
    assert entries(raili) == ["tied", "fetched", "cut"]


@BOTH
def test_a_cut_is_made_here_though_the_other_end_is_silent(maker: str, made: Makers, raili: Resident) -> None:
    tie(raili, maker)
    books_of(made, maker).is_silent = True
    told = raili.browser.post(f"/en/devices/ties/{maker}/cut/").headers["Location"]
    assert told == f"/en/devices/?tie=unheard-{maker}"
    assert f"{maker.title()} did not answer: take the permission back in its own app, too." in page(
        raili, told.rpartition("/")[2]
    )
    assert ties_of(raili) == []


@BOTH
def test_removing_everything_cuts_what_is_tied(
    maker: str, made: Makers, raili: Resident, django_capture_on_commit_callbacks: Any
) -> None:
    tie(raili, maker)
    committed = django_capture_on_commit_callbacks(execute=True)
    with committed, scope(Role.RESIDENT, persons=[raili.person]):
        forget_all(raili.person, by=resident(raili.person), at=timezone.now())
    assert (ties_of(raili), books_of(made, maker).access) == ([], set())
    assert entries(raili) == ["tied", "cut", "removed"]


def test_the_end_of_the_permission_rings_for_the_cut(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    take_back(raili)
    with scope(Role.WORKER):
        assert Job.objects.filter(name="wearables.forget_all").count() == 1


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


def test_fetch_now_asks_once_a_minute(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    with scope(Role.WORKER):
        Tie.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    told = [raili.browser.post("/fi/devices/ties/oura/fetch/").headers["Location"] for _ in range(2)]
    assert told == ["/fi/devices/?tie=fetching", "/fi/devices/?tie=later"]
    with scope(Role.WORKER):
        assert Job.objects.filter(name="wearables.fetch_tie").count() == 2


def test_what_is_cut_while_it_is_fetched_leaves_nothing(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    [row] = ties_of(raili)
    raili.browser.post("/fi/devices/ties/oura/cut/")
    fetch_tie(row.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert (figures(raili), entries(raili)) == ({}, ["tied", "cut"])
