"""What is tied is fetched from once a day, waits when it is told to, and is cut at both ends."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from datasources.wearables.actions.fetching import fetch_tie, ring_all
from datasources.wearables.actions.removing import forget_all
from datasources.wearables.models import Tie
from datasources.wearables.queries.ties import sealed_tokens, tokens_in
from demo.makers.server import Makers
from portal.jobs.models import Job
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actor import resident
from portal.notices.models import Notice
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.wearables.bringing import WORKER
from tests.wearables.tying import books_of, entries, fetch, figures, made, page, raili, take_back, tie, ties_of

__all__ = ["city", "made", "raili", "resident_in"]
BOTH = pytest.mark.parametrize("maker", ["oura", "polar"])


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


def test_a_member_who_pays_no_more_keeps_the_tie(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    made.oura.is_unpaid = True
    fetch(raili)
    assert [(row.state, row.fault) for row in ties_of(raili)] == [("tied", "no_answer")]


def test_a_kind_that_the_person_left_out_there_stops_nothing_else(made: Makers, raili: Resident) -> None:
    made.oura.withheld = {"heartrate", "sleep"}
    tie(raili, "oura")
    fetch(raili)
    assert {measure for measure, _, _ in figures(raili)} == {"steps", "distance", "active", "workout"}
    made.oura.withheld |= {"daily_activity", "workout"}
    fetch(raili)
    assert [(row.state, row.fault) for row in ties_of(raili)] == [("tied", "no_answer")]


def test_a_secret_of_ours_that_is_wrong_ends_nobodys_tie(made: Makers, raili: Resident, settings: Any) -> None:
    tie(raili, "oura")
    age(raili, ends_at=timezone.now())
    settings.OURA_CLIENT_SECRET = "another"
    fetch(raili)
    assert [(row.state, row.fault) for row in ties_of(raili)] == [("tied", "no_answer")]


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
    # Written within the same millisecond, their order is chance.
    assert sorted(entries(raili)) == ["cut", "removed", "tied"]


def test_the_end_of_the_permission_rings_for_the_cut(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    take_back(raili)
    with scope(Role.WORKER):
        assert Job.objects.filter(name="wearables.forget_all").count() == 1


def test_fetch_now_asks_once_a_minute(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    with scope(Role.WORKER):
        Tie.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    told = [raili.browser.post("/fi/devices/ties/oura/fetch/").headers["Location"] for _ in range(2)]
    assert told == ["/fi/devices/?tie=fetching", "/fi/devices/?tie=later"]
    with scope(Role.WORKER):
        assert Job.objects.filter(name="wearables.fetch_tie").count() == 2


def test_what_was_cut_is_not_fetched_from(made: Makers, raili: Resident) -> None:
    tie(raili, "oura")
    [row] = ties_of(raili)
    raili.browser.post("/fi/devices/ties/oura/cut/")
    fetch_tie(row.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert (figures(raili), entries(raili)) == ({}, ["tied", "cut"])


def test_what_breaks_with_us_leaves_the_tie_free_for_the_next_try(
    made: Makers, raili: Resident, settings: Any, tmp_path: Path
) -> None:
    tie(raili, "oura")
    (tmp_path / "no-folder").touch()
    settings.WATCH_SPOOL = tmp_path / "no-folder"
    with pytest.raises(FileExistsError):
        fetch(raili)
    assert [(row.state, row.leased_until_at) for row in ties_of(raili)] == [("tied", None)]
