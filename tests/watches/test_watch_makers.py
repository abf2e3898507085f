"""An export of each maker comes to the days that it was made of."""

import io

import pytest

from datasources.wearables.formats import recognise
from datasources.wearables.points import Measure
from datasources.wearables.troubles import Unusable
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
    "google_fit": {each: value for each, value in ALL.items() if each is not Measure.SLEEP},
    "polar": ALL,
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


def test_polars_heart_rate_of_a_day_is_the_mean_of_what_the_watch_measured_all_day() -> None:
    found = taken(EXPORTS["polar"](DAYS)).figures
    means = {each.day: round(each.value, 6) for each in found if each.measure is Measure.HEART_RATE}
    # A training's own mean is one more of its day.
    still = [day for day in DAYS if not day.run]
    assert {day.day: means[day.day] for day in still} == {
        day.day: round(sum(b for _, b in day.beats) / len(day.beats), 6) for day in still
    }


@pytest.mark.parametrize(
    ("maker", "passed"),
    [
        ("apple", ("energy",)),
        ("fitbit", ("energy",)),
        ("google_fit", ("energy",)),
        ("polar", ("energy",)),
        ("samsung", ("other",)),
        ("gpx", ()),
    ],
)
def test_what_nobody_asks_for_is_told_and_not_taken_in(maker: str, passed: tuple[str, ...]) -> None:
    told = taken(EXPORTS[maker](DAYS)).report
    assert tuple(each.value for each in told.passed_over) == passed


@pytest.mark.parametrize(
    ("name", "content", "passed"),
    [
        ("weight-2026-01-01.json", '[{"logId": 1, "date": "01/01/26", "weight": 176, "bmi": 24}]', "weight"),
        ("a.csv", "com.samsung.health.weight,1,1\nstart_time,weight\n2026-01-01 10:00:00.000,80.1\n", "weight"),
        ("a.csv", "com.samsung.shealth.calories_burned.details,1,1\nday_time,calorie\n", "energy"),
        ("a.csv", "Date,Average weight (kg),Step count\n2026-01-01,80.1,100\n", "weight"),
        ("a.json", '{"daily_activity":[{"day":"2026-01-01","steps":9,"active_calories":300}]}', "energy"),
        (
            "a.json",
            '[{"userProfilePK":1,"calendarDate":"2026-01-01","totalSteps":9,"totalKilocalories":3}]',
            "energy",
        ),
        (
            "a.xml",
            '<HealthData><Record type="HKQuantityTypeIdentifierBodyMass" unit="lb" value="176"/></HealthData>',
            "weight",
        ),
    ],
)
def test_energy_and_weight_are_passed_over_in_whatever_unit(name: str, content: str, passed: str) -> None:
    # Beside a file of which something is kept: alone there is nothing in it for us.
    points, collector = points_of(packed({name: content, "z.gpx": EXPORTS["gpx"](DAYS)}))
    assert [each.value for each in collector.passed_over] == [passed]
    assert not any(each.value in {80.1, 176, 300} for each in points)


def test_samsungs_days_are_read_as_its_app_sums_them_up() -> None:
    content = (
        "com.samsung.shealth.activity.day_summary,7006003,6\nstep_count,active_time,distance,day_time,datauuid\n"
        "2803,1632770,2265.3936,2018-11-28 00:00:00.000,15174bf6,\n,,,2018-11-29 00:00:00.000,,\n"
    )
    found = {each.measure: each.value for each in taken(content.encode()).figures}
    assert found == {Measure.STEPS: 2803, Measure.DISTANCE: 2265.3936, Measure.ACTIVE: 1632770 / 60_000}


def test_what_google_notices_of_itself_is_no_workout() -> None:
    for kind in ("sleep", "light_sleep", "still", "in_vehicle"):
        row = f'{{"fitnessActivity":"{kind}","startTime":"2026-01-01T10:00:00Z","endTime":"2026-01-01T11:00:00Z"}}'
        with pytest.raises(Unusable, match="nothing_found"):
            points_of(packed({"a.json": row}))


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
