"""An export of each maker comes to the days that it was made of."""

import io

import pytest

from datasources.wearables.formats import recognise
from datasources.wearables.points import Measure
from demo.watches import EXPORTS
from demo.watches.fit import fit_of
from demo.watches.garmin import packed
from demo.watches.others import google_fit_export
from tests.watches.reading import DAYS, Taken, points_of, taken

STEPS = sum(walk.steps for day in DAYS for walk in day.walks)
METRES = sum(walk.metres for day in DAYS for walk in day.walks)
ASLEEP = sum(day.asleep for day in DAYS)
ACTIVE = sum(day.active for day in DAYS)
RUNS = [day.run for day in DAYS if day.run]
RUN_MINUTES = sum(run.minutes for run in RUNS)
TITLES = {
    "apple": "Apple Health", "fit": "FIT", "fitbit": "Fitbit", "garmin": "Garmin Connect", "google_fit": "Google Fit",
    "gpx": "GPX", "oura": "Oura", "polar": "Polar Flow", "samsung": "Samsung Health", "tcx": "TCX",
}  # fmt: skip
ALL = {
    Measure.STEPS: STEPS,
    Measure.DISTANCE: METRES,
    Measure.SLEEP: ASLEEP,
    Measure.ACTIVE: ACTIVE,
    Measure.WORKOUT: RUN_MINUTES,
}
RUN = {Measure.WORKOUT: RUNS[0].minutes, Measure.DISTANCE: RUNS[0].metres}
WHOLE = {
    "apple": ALL,
    "fitbit": ALL,
    "garmin": ALL,
    "oura": ALL,
    "samsung": ALL,
    "google_fit": {Measure.STEPS: STEPS, Measure.DISTANCE: METRES, Measure.ACTIVE: ACTIVE},
    "polar": {each: value for each, value in ALL.items() if each is not Measure.ACTIVE},
    "fit": RUN | {Measure.STEPS: RUNS[0].metres // 2 * 2},
    "tcx": RUN,
    "gpx": RUN,
}


@pytest.mark.parametrize("maker", EXPORTS)
def test_an_export_is_recognised_by_what_is_in_it(maker: str) -> None:
    found = recognise(io.BytesIO(EXPORTS[maker](DAYS)))
    assert found
    assert found.title == TITLES[maker]


def _sums(came: Taken) -> dict[Measure, int]:
    means = {Measure.HEART_RATE, Measure.RESTING_HEART_RATE}
    return {each: round(came.total(each)) for each in Measure if each not in means and came.total(each)}


@pytest.mark.parametrize("maker", EXPORTS)
def test_an_export_comes_to_the_days_it_was_made_of(maker: str) -> None:
    assert _sums(taken(EXPORTS[maker](DAYS))) == WHOLE[maker]


@pytest.mark.parametrize("maker", ["apple", "fitbit", "garmin", "oura"])
def test_each_day_has_its_resting_heart_rate(maker: str) -> None:
    found = taken(EXPORTS[maker](DAYS)).figures
    resting = {each.day: each.value for each in found if each.measure is Measure.RESTING_HEART_RATE}
    assert resting == {day.day: day.resting for day in DAYS}


@pytest.mark.parametrize("maker", ["apple", "fitbit", "samsung"])
def test_a_days_heart_rate_is_the_mean_of_all(maker: str) -> None:
    found = taken(EXPORTS[maker](DAYS)).figures
    means = {each.day: round(each.value, 6) for each in found if each.measure is Measure.HEART_RATE}
    assert means == {day.day: round(sum(b for _, b in day.beats) / len(day.beats), 6) for day in DAYS}


@pytest.mark.parametrize("maker", EXPORTS)
def test_a_second_import_of_the_same_file_changes_nothing(maker: str) -> None:
    content = EXPORTS[maker](DAYS)
    first = taken(content)
    again = taken(content, first.states)
    assert (again.figures, again.states, again.report.added) == (first.figures, first.states, 0)


@pytest.mark.parametrize("maker", EXPORTS)
def test_the_counts_of_a_report_add_up(maker: str) -> None:
    told = taken(EXPORTS[maker](DAYS)).report
    assert told.read > 0
    assert told.read == told.added + told.merged + sum(told.apart.values())


def test_exports_in_one_archive_are_all_read() -> None:
    both = packed({"a.zip": EXPORTS["oura"](DAYS), "b.zip": EXPORTS["polar"](DAYS), "muistio.txt": "moi"})
    told = taken(both).report
    assert (told.formats, told.not_understood) == (("Oura", "Polar Flow"), ("muistio.txt",))


def test_what_is_named_otherwise_is_still_read() -> None:
    run = DAYS[0].run
    assert run
    told = taken(packed({"kuva.jpg": fit_of(run), "b.txt": EXPORTS["tcx"](DAYS)})).report
    assert told.formats == ("FIT", "TCX")


@pytest.mark.parametrize(
    "header",
    [
        "Päivämäärä,Liikuntaminuutit,Kalorit (kcal),Matka (m),Sykepisteet,Keskisyke (bpm),Askelmäärä",
        "Datum,Rörelseminuter,Kalorier (kcal),Sträcka (m),Pulspoäng,Genomsnittlig puls (slag/min),Antal steg",
    ],
)
def test_headers_may_be_in_the_language_of_the_account(header: str) -> None:
    found = taken(google_fit_export(DAYS, header=header))
    assert _sums(found) == WHOLE["google_fit"]


def test_a_route_leaves_no_place_behind() -> None:
    points, _ = points_of(EXPORTS["gpx"](DAYS))
    assert {each.measure for each in points} == {Measure.HEART_RATE, Measure.WORKOUT, Measure.DISTANCE}


def test_what_the_interface_of_polar_answers_is_read_as_its_export_is() -> None:
    hyphens = b'{"exercises":[{"start-time":"2026-05-04T10:40:02","start-time-utc-offset":180,"duration":"PT1H4M",'
    first = hyphens + b'"heart-rate":{"average":129},"sport":"RUNNING"}]}'
    points, _ = points_of(first)
    again, _ = points_of(first.replace(b"-time", b"_time").replace(b"-utc-", b"_utc_").replace(b"heart-", b"heart_"))
    assert [(each.measure, each.value, each.offset) for each in points] == [
        (Measure.WORKOUT, 64, 180),
        (Measure.HEART_RATE, 129, 180),
    ]
    assert again == points


def test_a_list_of_values_whose_name_does_not_tell_what_they_are_is_not_understood() -> None:
    values = b'[{"dateTime":"05/04/26 10:00:00","value":"12"}]'
    named, other = (
        taken(packed({"steps-2026-05-04.json": values})),
        packed({"x.json": values, "o.json": EXPORTS["oura"](DAYS)}),
    )
    assert ([(each.measure, each.value) for each in named.figures], taken(other).report.not_understood) == (
        [(Measure.STEPS, 12)],
        ("x.json",),
    )
