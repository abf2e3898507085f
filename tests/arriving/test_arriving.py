"""A package is brought, checked, shown beside what is here, and taken in item by item; what is not goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError
from django.utils import timezone, translation

from datasources.transfers.arriving.checking import check_arrival
from datasources.transfers.arriving.items import accepted_items
from datasources.transfers.arriving.taking import tidy
from datasources.transfers.models import Arrival, Item, WithdrawnKey
from datasources.transfers.package.reasons import Reason
from datasources.transfers.package.tables import json_of
from datasources.transfers.package.texts import REASONS
from portal.walls import Role, scope
from tests.acting import act, register
from tests.arriving.bringing_packages import (
    WORKER,
    bring,
    brought,
    check_all,
    items,
    made,
    newest,
    page,
    say,
    school,
    told,
)
from tests.residents import Resident
from tests.transfers.cities import KeyServer
from tests.transfers.made import CITY, KEY, ROWS

__all__ = ["register"]
Enter = Callable[[str], Resident]


def test_a_package_is_sealed_while_it_waits_and_gone_when_it_was_checked(raili: Resident, folder: Path) -> None:
    answer = bring(raili, made())
    waiting = newest(raili.person)
    assert answer.headers["Location"] == f"/en/move/arrive/{waiting.pk}/"
    assert b"school" not in (folder / waiting.pk.hex).read_bytes()
    assert "waits to be checked" in page(raili, f"{waiting.pk}/")
    assert check_all(raili.person).state == "ready"
    assert list(folder.iterdir()) == []
    assert told(raili.person) == ["brought", "checked"]


def test_the_report_says_who_when_whose_and_whether_it_is_whole(raili: Resident) -> None:
    brought(raili)
    report = page(raili, f"{newest(raili.person).pk}/")
    for words in ("Turku en", "Every file is just as the city signed it", "the city still uses the key", "2 items"):
        assert words in report
    assert "A package waits for you" in raili.browser.get("/en/home/").content.decode()


def test_an_unknown_kind_is_shown_by_its_own_titles_and_kept_to_the_byte(raili: Resident) -> None:
    _, albums = brought(raili)
    report = page(raili, f"{albums.arrival_id}/")
    assert "This city has no data of this kind" in report
    assert '<th scope="col">Day</th>' in report
    assert "wave" in report
    say(raili, albums.pk, "accept")
    with scope(Role.RESIDENT, persons=[raili.person]):
        [kept] = accepted_items(raili.person)
        assert kept.files["rows"] == json_of(ROWS)
        assert kept.rows == ROWS


def test_nothing_is_chosen_and_what_is_not_accepted_goes_within_the_hour(raili: Resident) -> None:
    first, second = brought(raili)
    assert {first.state, second.state} == {"waiting"}
    assert "checked" not in page(raili, f"{first.arrival_id}/").split("What is in it")[1].split("When you are ready")[0]
    say(raili, first.pk, "accept")
    say(raili, second.pk, "decline")
    tidy(by=WORKER, at=timezone.now() + timedelta(minutes=49))
    assert len(items(raili.person)) == 2
    tidy(by=WORKER, at=timezone.now() + timedelta(minutes=51))
    assert [row.pk for row in items(raili.person)] == [first.pk]
    assert newest(raili.person).state == "closed"
    assert told(raili.person) == ["brought", "checked", "accepted", "declined", "rest_gone"]


def test_the_rest_can_be_removed_at_once(raili: Resident) -> None:
    first, second = brought(raili)
    say(raili, first.pk, "accept")
    answer = raili.browser.post(f"/en/move/arrive/{first.arrival_id}/rest/")
    assert answer.headers["Location"] == "/en/move/arrive/kept/"
    assert [row.pk for row in items(raili.person)] == [first.pk]
    assert say(raili, second.pk, "accept").status_code == 404


def test_two_tabs_accept_once_and_the_second_is_told(raili: Resident) -> None:
    first, _ = brought(raili)
    assert "outcome=done" in say(raili, first.pk, "accept").headers["Location"]
    second = say(raili, first.pk, "accept").headers["Location"]
    assert "outcome=already" in second
    assert "You had answered this already" in raili.browser.get(second).content.decode()
    assert told(raili.person).count("accepted") == 1


def test_an_answer_can_be_undone_while_the_package_waits(raili: Resident) -> None:
    first, second = brought(raili)
    say(raili, first.pk, "accept")
    say(raili, first.pk, "undo")
    say(raili, second.pk, "decline")
    say(raili, second.pk, "undo")
    assert {row.state for row in items(raili.person)} == {"waiting"}
    assert newest(raili.person).accepted_at is None
    raili.browser.post(f"/en/move/arrive/{first.arrival_id}/rest/")
    # Nothing of it was taken in: it may come again.
    assert items(raili.person) == []


def test_the_same_package_is_known_again_once_something_was_accepted(raili: Resident) -> None:
    content = made()
    first, _ = brought(raili, content)
    say(raili, first.pk, "accept")
    raili.browser.post(f"/en/move/arrive/{first.arrival_id}/rest/")
    bring(raili, content)
    again = check_all(raili.person)
    assert (again.state, again.fault) == ("failed", "seen_before")
    assert "brought here before" in page(raili, f"{again.pk}/")
    assert len(items(raili.person)) == 1


def test_what_lapsed_untouched_may_be_brought_again(raili: Resident) -> None:
    content = made()
    brought(raili, content)
    tidy(by=WORKER, at=timezone.now() + timedelta(hours=1))
    assert len(brought(raili, content)) == 2


@pytest.mark.parametrize(
    ("bend", "reason"),
    [
        ({"slug": "aino"}, Reason.ANOTHER_PERSON),
        ({"audience": "oulu"}, Reason.ANOTHER_CITY),
        ({"city": "nowhere"}, Reason.UNKNOWN_CITY),
        ({"expires": timezone.now() - timedelta(minutes=1)}, Reason.EXPIRED),
    ],
)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_refused_says_why_and_leaves_nothing(
    bend: dict[str, object], reason: Reason, language: str, raili: Resident, folder: Path
) -> None:
    bring(raili, made(**bend))  # type: ignore[arg-type]
    row = check_all(raili.person)
    assert (row.state, row.fault, row.sealed_report) == ("failed", reason.value, None)
    assert (items(raili.person), list(folder.iterdir())) == ([], [])
    assert told(raili.person) == ["brought", "turned_away"]
    with translation.override(language):
        sentence = str(REASONS[reason])
    assert sentence in page(raili, f"{row.pk}/", language=language)


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"\x89PNG", b"eyJ.a.b.c"])
def test_what_is_no_package_is_refused(content: bytes, raili: Resident, folder: Path) -> None:
    bring(raili, content)
    assert (check_all(raili.person).state, list(folder.iterdir())) == ("failed", [])


def test_an_empty_file_and_none_at_all_are_refused_at_the_form(raili: Resident) -> None:
    assert bring(raili, b"").status_code == 422
    assert raili.browser.post("/en/move/arrive/upload/", {}).status_code == 422


def test_a_key_withdrawn_later_marks_what_was_accepted(raili: Resident) -> None:
    first, _ = brought(raili)
    say(raili, first.pk, "accept")
    assert "The signature holds." in page(raili, f"kept/{first.pk}/")
    _withdraw(timezone.now())
    assert "has since given up the key" in page(raili, f"kept/{first.pk}/")


def test_what_was_signed_after_the_breach_is_doubted(raili: Resident) -> None:
    first, _ = brought(raili)
    say(raili, first.pk, "accept")
    _withdraw(first.issued_at - timedelta(days=1))
    assert "The data may be false" in page(raili, f"kept/{first.pk}/")


def _withdraw(at: datetime) -> None:
    with scope(Role.STAFF, departments=["*"]):
        WithdrawnKey.objects.create(
            city=CITY, kid=str(KEY.kid), withdrawn_at=at, reason="test", written_at=timezone.now()
        )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_items(count: int, raili: Resident, django_assert_num_queries: object) -> None:
    brought(raili, made(*(school(id=f"school-{number}") for number in range(count))))
    path = f"/en/move/arrive/{newest(raili.person).pk}/"
    raili.browser.get(path)
    with django_assert_num_queries(_PACKAGE_QUERIES):  # type: ignore[operator]
        raili.browser.get(path)
    for row in items(raili.person):
        say(raili, row.pk, "accept")
    with django_assert_num_queries(_KEPT_QUERIES):  # type: ignore[operator]
        raili.browser.get("/en/move/arrive/kept/")


_PACKAGE_QUERIES, _KEPT_QUERIES = 15, 9


def test_a_guardian_brings_for_a_child(register: object, neighbour: type[KeyServer], resident_in: Enter) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    bring(aino, made(slug="eino"))
    with scope(Role.WORKER):
        [row] = Arrival.objects.all()
    assert row.person_id != aino.person
    assert check_all(row.person_id).state == "ready"
    [first, _] = items(row.person_id)
    assert "outcome=done" in say(aino, first.pk, "accept").headers["Location"]
    assert "Kärsämäen koulu" in page(aino, f"kept/{first.pk}/")


def test_removed_is_gone(raili: Resident) -> None:
    first, _ = brought(raili)
    say(raili, first.pk, "accept")
    assert "Remove: Oppilaan tiedot en" in page(raili, f"kept/{first.pk}/remove/")
    raili.browser.post(f"/en/move/arrive/kept/{first.pk}/remove/")
    assert first.pk not in [row.pk for row in items(raili.person)]
    assert told(raili.person)[-1] == "removed"
    assert raili.browser.get(f"/en/move/arrive/kept/{first.pk}/").status_code == 404


def test_staff_and_departments_see_no_item(raili: Resident) -> None:
    brought(raili)
    with pytest.raises(ProgrammingError), scope(Role.STAFF, departments=["*"]):
        Item.objects.count()
    with scope(Role.API):
        assert Item.objects.count() == 0


def test_a_large_package_is_paged(raili: Resident) -> None:
    rows = [{"school": f"Koulu {number}", "class": "1A", "starts_on": "2020-08-01"} for number in range(120)]
    [only] = brought(raili, made(school(rows)))
    say(raili, only.pk, "accept")
    assert "Koulu 49" in page(raili, f"kept/{only.pk}/")
    assert "Koulu 119" in page(raili, f"kept/{only.pk}/?page=3")
    assert raili.browser.get(f"/en/move/arrive/kept/{only.pk}/?page=9").status_code == 404


def test_each_items_buttons_carry_the_forms_token(raili: Resident) -> None:
    first, _ = brought(raili)
    forms = page(raili, f"{first.arrival_id}/").split("What is in it")[-1]
    assert forms.count("csrfmiddlewaretoken") == forms.count('method="post"')


def test_a_city_that_does_not_answer_is_asked_again_for_its_keys(
    neighbour: type[KeyServer], raili: Resident, folder: Path
) -> None:
    neighbour.code = 503
    bring(raili, made())
    row = check_all(raili.person)
    assert (row.state, len(list(folder.iterdir()))) == ("waiting", 1)
    assert "It is asked again every half a minute" in page(raili, f"{row.pk}/")
    began = row.began_at
    check_arrival(row.pk, by=WORKER, at=began + timedelta(seconds=10), now=lambda: began + timedelta(minutes=19))
    assert newest(raili.person).state == "waiting"
    neighbour.code = 200
    check_arrival(row.pk, by=WORKER, at=began + timedelta(seconds=20), now=timezone.now)
    assert (newest(raili.person).state, list(folder.iterdir())) == ("ready", [])


def test_a_city_that_never_answers_ends_it(neighbour: type[KeyServer], raili: Resident, folder: Path) -> None:
    neighbour.code = 503
    bring(raili, made())
    row = newest(raili.person)
    late = row.began_at + timedelta(minutes=20)
    check_arrival(row.pk, by=WORKER, at=late, now=lambda: late)
    row = newest(raili.person)
    assert (row.state, row.fault, list(folder.iterdir())) == ("failed", Reason.KEYS_UNREACHABLE, [])
    assert "does not answer right now. Try again later." in page(raili, f"{row.pk}/")
