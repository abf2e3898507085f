"""Moving away: the person is told, has a month to take their data along, then copies end; access stays."""

import html
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.notices.enums import NoticeKind
from portal.notices.models import Notice
from portal.people.behalf.refreshing import refresh_rights
from portal.requests.life.closing import close_account
from portal.requests.life.enums import MoveStep
from portal.requests.life.moving import follow_moves
from portal.requests.life.rules import COPIED_AFTER_MOVE, next_after_move
from portal.walls import Role, scope
from tests.acting import REASONS, act, changed, person_of, register
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import Department, copied, copies, departments
from tests.requests.lives import row_of
from tests.residents import Resident

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
BY = system("tests")
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
MONTH, MOMENT = COPIED_AFTER_MOVE, timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("step", "after", "then"),
    [
        (MoveStep.HEARD, timedelta(0), MoveStep.TOLD),
        (MoveStep.HEARD, MONTH, MoveStep.TOLD),
        (MoveStep.TOLD, timedelta(0), None),
        (MoveStep.TOLD, MONTH - MOMENT, None),
        (MoveStep.TOLD, MONTH, MoveStep.OVER),
        (MoveStep.OVER, MONTH * 2, None),
    ],
)
def test_a_move_goes_one_step_after_the_other(step: MoveStep, after: timedelta, then: MoveStep | None) -> None:
    assert next_after_move(step, AT, at=AT + after) is then


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


@pytest.fixture
def amira(systems: object, resident_in: Enter, register: Population) -> Resident:
    """She has copies here, and the register tells that she lives elsewhere."""
    one = resident_in("amira")
    copied(one.person, "library-card", "boat-places")
    register.moved_away.add("amira")
    refresh_rights(one.person, at=timezone.now())
    return one


def follow(*, days: int = 0) -> int:
    return follow_moves(by=BY, at=timezone.now() + timedelta(days=days))


def told(one: Resident) -> tuple[list[str], int]:
    with scope(Role.WORKER):
        kinds = Entry.objects.filter(subject=one.person, kind__startswith="life.").order_by("id")
        notices = Notice.objects.filter(person_id=one.person, kind=NoticeKind.MOVED_AWAY)
        return [row.kind for row in kinds], notices.count()


def test_who_moved_away_is_told_once_and_keeps_copies_for_a_month(amira: Resident) -> None:
    assert [follow(), follow(), follow(days=29)] == [1, 0, 0]
    assert (told(amira), copies(amira.person)) == ((["life.moved_away"], 1), {"library-card", "boat-places"})


def test_after_a_month_copies_end_once_and_the_keys_stay(amira: Resident) -> None:
    assert [follow(), follow(days=31), follow(days=32)] == [1, 1, 0]
    copied(amira.person, "library-card")
    assert (told(amira)[0], copies(amira.person)) == (["life.moved_away", "life.copies_ended"], set())
    with scope(Role.WORKER):
        assert existing_person_keys([amira.person], KeyScope.RECORDS)


def test_access_stays_and_they_may_have_copies_made_again(amira: Resident) -> None:
    follow()
    follow(days=31)
    page = html.unescape(amira.browser.get("/en/home/").content.decode())
    assert "because you wanted it or because you moved away" in page
    amira.browser.post("/en/rights/erase/copy-again/")
    copied(amira.person, "library-card")
    assert (copies(amira.person), follow(days=33)) == ({"library-card"}, 0)


@pytest.mark.parametrize(
    ("days", "words"), [([0], "Copies of your data are made here until"), ([0, 31], "are no longer made here")]
)
def test_the_page_tells_how_it_stands_and_how_to_take_data_along(days: list[int], words: str, amira: Resident) -> None:
    for each in days:
        follow(days=each)
    page = html.unescape(amira.browser.get("/en/rights/moved-away/").content.decode())
    assert (words in page, "/en/rights/everything/" in page) == (True, True)


def test_who_moved_back_is_as_if_never_gone(amira: Resident, register: Population) -> None:
    follow()
    register.moved_away.clear()
    refresh_rights(amira.person, at=timezone.now())
    assert (follow(days=31), copies(amira.person)) == (0, {"library-card", "boat-places"})
    assert "has not been told that you moved away" in amira.browser.get("/en/rights/moved-away/").content.decode()
    register.moved_away.add("amira")
    refresh_rights(amira.person, at=timezone.now())
    assert (follow(), told(amira)) == (1, (["life.moved_away"] * 2, 2))


def test_a_child_moves_too_and_others_do_not(amira: Resident, register: Population) -> None:
    register.told["sami"]["moved_away"] = True
    register.moved_away.clear()
    refresh_rights(amira.person, at=timezone.now())
    assert [row_of(each).moved_away_at is None for each in (amira.person, person_of("sami"))] == [True, False]


def of_child() -> dict[str, int]:
    """{who: how many notices that a child moved}, of the child and of everybody who was told."""
    with scope(Role.WORKER):
        rows = Notice.objects.filter(kind__in=[NoticeKind.CHILD_MOVED, NoticeKind.MOVED_AWAY])
        return dict(Counter(f"{row.person_id} {row.kind}" for row in rows))


def test_of_a_childs_move_the_child_and_each_guardian_who_may_know_are_told_once(
    amira: Resident, register: Population, resident_in: Enter
) -> None:
    register.moved_away.clear()
    register.told["sami"]["moved_away"] = True
    refresh_rights(amira.person, at=timezone.now())
    [sami] = [person_of("sami")]
    follow()
    follow()
    assert of_child() == {f"{sami} moved_away": 1, f"{amira.person} child_moved": 1}
    assert "A child for whom you may act moved away." in amira.browser.get("/en/home/").content.decode()
    # It leads to the child's own page, which tells how to take the data along.
    act(amira, "sami")
    assert "You moved away" not in amira.browser.get("/en/home/").content.decode()
    page = html.unescape(amira.browser.get("/en/rights/moved-away/").content.decode())
    assert ("that the person lives in another municipality" in page, "/en/rights/everything/" in page) == (True, True)


@pytest.mark.parametrize("change", [REASONS[reason] for reason in ("protected", "in care", "no longer a guardian")])
def test_where_registers_let_nobody_know_no_guardian_is_told(
    change: dict[str, object], amira: Resident, register: Population
) -> None:
    register.moved_away.clear()
    refresh_rights(amira.person, at=timezone.now())
    sami = person_of("sami")
    changed(register, "sami", {"moved_away": True} | change)
    refresh_rights(amira.person, at=timezone.now())
    follow()
    assert f"{amira.person} child_moved" not in of_child()
    # Nor is a guardian written to about the change itself: it would tell what every other page keeps silent about.
    with scope(Role.WORKER):
        told = Notice.objects.filter(person_id__in=[amira.person, sami]).values_list("kind", flat=True)
        assert set(told) <= {NoticeKind.QUESTION, NoticeKind.MOVED_AWAY}


def test_of_who_has_died_nothing_more_is_told(amira: Resident) -> None:
    close_account(amira.person, by=BY, at=timezone.now())
    assert (follow(), told(amira)[1]) == (0, 0)
