"""Routes that somebody keeps for themselves: only where they ticked it, theirs alone, and gone when they say so."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from datasources.wearables.actions import reading
from datasources.wearables.actions.routes import keep_routes
from datasources.wearables.models import Import, KeptRoute
from datasources.wearables.points import Device, RouteCounts, RouteLeft
from datasources.wearables.routes import gathering
from datasources.wearables.routes.gathering import Gatherer
from demo.watches import EXPORTS, days
from demo.watches.garmin import packed as archive
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident, grow_old
from tests.watches.test_watch_routes import track
from tests.wearables.bringing import WORKER, allow, bring, days_ago, newest, read_all, routes_kept
from tests.wearables.routing import keeps, page, runs

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]
PAGES = ("devices/routes/", "devices/routes/remove/")


def kinds(one: Resident) -> list[str]:
    with scope(Role.WORKER):
        while sequence(at=timezone.now()):
            pass
        return list(Entry.objects.filter(subject=one.person, kind__contains="route").values_list("kind", flat=True))


def test_without_a_tick_routes_are_left_out_and_the_page_says_so(raili: Resident) -> None:
    bring(raili, runs(2))
    row = read_all(raili)
    assert (row.state, row.with_routes, routes_kept(raili)) == ("done", False, [])
    told = page(raili, f"devices/files/{row.pk}/")
    assert ("2 routes were left out." in told, "because you did not ask for them" in told) == (True, True)
    box = re.search(r'<input type="checkbox" name="routes"[^>]*>', page(raili, "devices/"))
    assert box
    assert "checked" not in box[0]


def test_with_a_tick_they_are_kept_sealed_and_said_by_form_and_by_parts(raili: Resident, resident_in: Enter) -> None:
    content = runs(2)
    assert keeps(raili, content) == RouteCounts(found=2, kept=2)
    otso = resident_in("otso")
    allow(otso)
    begun = otso.browser.post("/fi/devices/parts/", {"size": str(len(content)), "routes": "keep"}).json()
    otso.browser.post(f"{begun['next']}?from=0", content, "application/octet-stream")
    assert read_all(otso).with_routes
    assert [each.told for each in routes_kept(otso)] == [each.told for each in routes_kept(raili)]
    assert "2 routes were kept for you." in page(raili, f"devices/files/{newest(raili.person).pk}/")
    with scope(Role.WORKER):
        stored = b"".join(
            bytes(part) for row in KeptRoute.objects.values_list("sealed_told", "sealed_places") for part in row
        )
    assert (b"Watch" in stored, b"60.1" in stored, kinds(raili)) == (False, False, ["wearables.routes_kept"])


def test_without_a_yes_to_keeping_no_tick_helps(resident_in: Enter) -> None:
    raili = resident_in("raili")
    assert bring(raili, runs(1), routes=True).headers["Location"] == "/fi/devices/"
    assert raili.browser.post("/fi/devices/parts/", {"size": "10", "routes": "keep"}).status_code == 404
    assert 'name="routes"' not in page(raili, "devices/")


def test_the_same_route_from_another_file_and_app_is_once_and_the_longer_stays(raili: Resident) -> None:
    whole, run = EXPORTS["gpx"](days(days_ago(9), 1)), days(days_ago(9), 1)[0].run
    assert run
    assert keeps(raili, whole[: len(whole) // 2]).kept == 1
    [half] = routes_kept(raili)
    counts = keeps(raili, archive({"a.gpx": whole, "b.tcx": EXPORTS["tcx"](days(days_ago(9), 1))}))
    [found] = routes_kept(raili)
    assert half.told
    assert found.told
    assert (counts, found.id) == (RouteCounts(found=2, merged=2), half.id)
    assert (half.told.metres < run.metres, found.told.metres) == (True, run.metres)


def test_what_cannot_be_kept_is_counted_and_said(raili: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_PLACES", 100)
    zigzag = track(*(f"{60 + number % 2 / 1000} {24 + number / 1000} {number}" for number in range(300)))
    later = track("60 24 0", "60.1 24 60").replace(b"2026", b"2100")
    good = track("60 24 0", "91 24 1", "60.1 24 60").replace(b"2026", b"2025")
    counts = keeps(raili, archive({"a.gpx": zigzag, "b.gpx": later, "c.gpx": good, "d.gpx": track("60 24 5")}))
    left = {RouteLeft.TOO_LONG: 1, RouteLeft.WRONG_TIME: 1, RouteLeft.NO_PLACES: 1}
    assert counts == RouteCounts(found=4, kept=1, left=left, places_left=1)
    told = page(raili, f"devices/files/{newest(raili.person).pk}/")
    assert [
        words in told for words in ("longer than can be kept", "their times cannot be right", "Places on the routes")
    ] == [True] * 3


def test_nobody_keeps_more_than_there_is_room_for(raili: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasources.wearables.actions.routes.MOST_ROUTES", 2)
    assert keeps(raili, runs(3)) == RouteCounts(found=3, kept=2, left={RouteLeft.TOO_MANY: 1})
    [newer, _] = routes_kept(raili)
    assert newer.told
    assert newer.told.begun_at
    # The newest are kept.
    assert newer.told.begun_at.date() == days_ago(30 - 6)
    assert "you have as many routes here as can be kept" in page(raili, f"devices/files/{newest(raili.person).pk}/")


def test_a_route_is_told_as_line_words_and_table_and_as_a_file(raili: Resident) -> None:
    keeps(raili, runs(1))
    [one] = routes_kept(raili)
    assert f'devices/routes/{one.id}/"' in page(raili, "devices/routes/")
    told = page(raili, f"devices/routes/{one.id}/")
    [picture] = re.findall(r"<svg.*?</svg>", told, re.DOTALL)
    assert [part in picture for part in ("<circle", ">Start<", ">End<", "It ends where it began.", "href")] == [
        *(True, True, True, True, False)
    ]
    assert (told.count("<details"), told.count('scope="col"'), told.count('scope="row"') > 2) == (1, 3, True)
    answer = raili.browser.get(f"/en/devices/routes/{one.id}/gpx/")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/gpx+xml", "no-store")
    assert (b"<trkpt" in answer.content, "attachment" in answer.headers["Content-Disposition"]) == (True, True)


def test_a_route_without_times_is_told_without_them(raili: Resident) -> None:
    keeps(raili, archive({"a.gpx": track("60 24", "60.01 24"), "b.gpx": EXPORTS["gpx"](days(days_ago(3), 1))}))
    one = routes_kept(raili)[-1]
    told = page(raili, f"devices/routes/{one.id}/")
    assert ("told no times" in told, "<table" in told, "1.1\N{NO-BREAK SPACE}km to the north" in told) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("path", PAGES)
def test_without_routes_the_pages_say_so(path: str, raili: Resident) -> None:
    assert "You keep no routes here." in page(raili, path)


def test_a_route_whose_seal_does_not_open_is_told_so_and_can_be_deleted(raili: Resident) -> None:
    keeps(raili, runs(1))
    [one] = routes_kept(raili)
    with scope(Role.WORKER):
        KeptRoute.objects.update(sealed_told=b"x" * 60)
    assert "A route that cannot be opened" in page(raili, "devices/routes/")
    answer = raili.browser.get(f"/en/devices/routes/{one.id}/")
    assert (answer.status_code, b"bring the file again" in answer.content) == (500, True)
    raili.browser.post(f"/en/devices/routes/{one.id}/remove/")
    assert routes_kept(raili) == []


def test_one_is_deleted_and_all_are_and_figures_stay(raili: Resident) -> None:
    keeps(raili, runs(3))
    first = routes_kept(raili)[0]
    assert "Delete this route" in page(raili, f"devices/routes/{first.id}/remove/")
    assert raili.browser.post(f"/en/devices/routes/{first.id}/remove/").headers["Location"].endswith("/routes/?removed")
    assert first.id not in {each.id for each in routes_kept(raili)}
    raili.browser.post("/en/devices/routes/remove/")
    assert routes_kept(raili) == []
    assert "Workouts" in page(raili, "devices/")
    assert kinds(raili).count("wearables.route_removed") == 2


def test_deleting_asks_for_a_fresh_sign_in(raili: Resident) -> None:
    keeps(raili, runs(1))
    [one] = routes_kept(raili)
    grow_old(raili)
    answers = {raili.browser.post(f"/fi/devices/routes/{each}remove/").status_code for each in ("", f"{one.id}/")}
    assert (answers, len(routes_kept(raili))) == ({403}, 1)


def test_a_removed_device_and_removed_days_take_their_routes_along(raili: Resident) -> None:
    keeps(raili, archive({"a.zip": runs(2, ago=30), "b.gpx": EXPORTS["gpx"](days(days_ago(3), 1))}))
    since, until = days_ago(31), days_ago(29)
    raili.browser.post("/fi/devices/remove/", {"what": "period", "since": str(since), "until": str(until)})
    assert len(routes_kept(raili)) == 2
    told = page(raili, "devices/remove/")
    number = re.search(r'value="(\d+)"> Ainon Apple Watch', told)
    assert number
    raili.browser.post("/fi/devices/remove/", {"what": number[1]})
    assert [each.told.source for each in routes_kept(raili) if each.told] == ["StravaGPX"]


def test_a_device_of_which_there_is_only_a_route_can_be_removed(raili: Resident) -> None:
    content = track("60 24 0", "60.1 24 60").replace(b'"Kello"', b'"Apple Health Export"')
    keeps(raili, content)
    assert "Apple Health Export" in page(raili, "devices/remove/")
    raili.browser.post("/fi/devices/remove/", {"what": "0"})
    assert routes_kept(raili) == []


def test_removing_everything_takes_the_routes_and_their_key(raili: Resident) -> None:
    keeps(raili, runs(1))
    raili.browser.post("/fi/devices/remove/", {"what": "all"})
    with scope(Role.WORKER):
        assert KeptRoute.objects.filter(person_id=raili.person).count() == 0
        assert existing_person_keys([raili.person], KeyScope.BROUGHT) == {}


def test_a_worker_that_died_and_two_files_at_once_leave_no_doubles(raili: Resident) -> None:
    bring(raili, runs(2), routes=True)
    bring(raili, runs(2, maker="garmin"), routes=True)
    with scope(Role.WORKER):
        first = Import.objects.filter(person_id=raili.person).order_by("id")[0]
    assert reading._claimed(first.pk, at=timezone.now()) is not None
    # Another worker begins it anew; the same runs then come from another maker.
    read_all(raili)
    reading.read_import(first.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert len(routes_kept(raili)) == 2


@pytest.mark.parametrize("path", ["devices/routes/", "devices/routes/{}/"])
def test_a_page_takes_as_many_statements_for_three_routes_as_for_one(path: str, raili: Resident) -> None:
    def taken() -> int:
        address = f"/fi/{path}".format(routes_kept(raili)[0].id)
        with CaptureQueriesContext(connection) as asked:
            assert raili.browser.get(address).status_code == 200
        return len([each for each in asked if not re.search("SAVEPOINT|current_setting", each["sql"])])

    keeps(raili, runs(1))
    before = taken()
    keeps(raili, runs(3))
    assert (len(routes_kept(raili)), taken(), before <= 8) == (3, before, True)


def test_a_long_list_is_paged(raili: Resident) -> None:
    routes = Gatherer(wanted=True)
    for number in range(30):
        routes.begin()
        routes.place(60 + number / 10, 24, None)
        routes.place(60.5 + number / 10, 24, None)
        routes.end("Kello", Device.WATCH)
    keeps(raili, runs(1))
    with scope(Role.WORKER):
        key = existing_person_keys([raili.person], KeyScope.BROUGHT)[raili.person]
        keep_routes(raili.person, routes, key=key, by=WORKER, at=timezone.now())
    assert [page(raili, f"devices/routes/?page={number}").count("<li><p><a") for number in (1, 2)] == [25, 6]
