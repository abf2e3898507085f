"""What was measured: the finding, the picture, its words; and that it is theirs alone, and goes when they say so."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consents.actions.answering import withdraw
from consents.actions.traces import Shown
from datasources.wearables.actions.removing import forget_all
from datasources.wearables.charts import Span, chart_of, marks_of, period_of
from datasources.wearables.days import by_day, daily_columns, reaches, recommendation_columns, weekly_columns
from datasources.wearables.mhealth import data_point, figure_of
from datasources.wearables.models import Choice, DayBooks, Figures, Import
from datasources.wearables.points import DailyFigure, Device, Measure
from datasources.wearables.queries.figures import held_by, sources_in, sources_kept
from demo.watches import EXPORTS, days
from portal.jobs.models import Job
from portal.keys.models import PersonKey
from portal.ledger.actions import sequence
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.pages.charts import svg
from portal.pages.measured import finding, spread
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident, grow_old
from tests.wearables.bringing import WORKER, allow, bring, days_ago, read_all

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]
DAY = date(2026, 5, 4)


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """She brought sixty days of her watch and phone."""
    one = resident_in("raili")
    allow(one)
    bring(one, EXPORTS["apple"](days(days_ago(60), 60)))
    assert read_all(one).state == "done"
    return one


def held(person: UUID) -> tuple[DailyFigure, ...]:
    with scope(Role.RESIDENT, persons=[person]):
        return held_by(person).figures


def figure(measure: Measure, number: int, value: float, **more: Any) -> DailyFigure:
    told = {"source": "Watch", "device": Device.WATCH, "points": 1, **more}
    return DailyFigure(measure, DAY + timedelta(days=number), value, **told)


@pytest.mark.parametrize("measure", list(Measure))
def test_a_figure_is_the_same_after_it_was_a_data_point(measure: Measure) -> None:
    told = figure(measure, 3, 61.5, points=40, by_hand=True)
    assert figure_of(measure, data_point(told)) == told
    point = data_point(told)
    assert point["header"]["modality"] == "self-reported"
    assert point["body"]["effective_time_frame"]["time_interval"]["start_date_time"] == "2026-05-07"


def test_sums_of_two_sources_add_up_and_means_weigh_their_points() -> None:
    phone: dict[str, Any] = {"source": "Phone", "device": Device.PHONE}
    assert by_day([figure(Measure.STEPS, 0, 4000), figure(Measure.STEPS, 0, 1000, **phone)]) == {DAY: 5000}
    beats = [figure(Measure.HEART_RATE, 0, 60, points=3), figure(Measure.HEART_RATE, 0, 100, points=1, **phone)]
    assert by_day(beats) == {DAY: 70}


@pytest.mark.parametrize(
    ("minutes", "reached"),
    [([150], True), ([30] * 5, True), ([21] * 7, False), ([10] * 6, None), ([0] * 7, False), ([], None)],
)
def test_a_week_reaches_what_is_recommended_or_it_cannot_be_known(minutes: list[float], reached: bool | None) -> None:
    assert reaches(minutes) is reached


def test_days_and_whole_weeks_of_the_fixed_calendar() -> None:
    active = {DAY + timedelta(days=number): 30.0 for number in range(10)}
    told = {Measure.ACTIVE: active}
    until = DAY + timedelta(days=9)
    assert daily_columns(told, since=DAY, until=DAY)["active"] == [30]
    assert weekly_columns(told, since=DAY, until=until)["week"] == ["2026-05-04"]
    assert weekly_columns(told, since=DAY, until=until)["active"] == [210]
    assert recommendation_columns(told, since=DAY, until=until) == {"week": ["2026-05-04"], "reaches": [True]}


def test_the_headline_says_the_finding_and_how_it_was_before() -> None:
    nights = {DAY.replace(day=number): 410.0 for number in range(1, 31)}
    nights |= {date(2026, 4, number): 430.0 for number in range(1, 31)}
    with translation.override("en"):
        told = finding(Measure.SLEEP, nights, period_of(Span.MONTH, DAY)).replace("\N{NO-BREAK SPACE}", " ")
    assert told == "You slept 6 h 50 min on average. That is 20 min less than in the month before."


def test_gaps_stay_gaps_and_bars_stand_on_zero() -> None:
    nights = {DAY: 400.0, DAY + timedelta(days=2): 500.0}
    period = period_of(Span.WEEK, DAY + timedelta(days=6))
    chart = chart_of(Measure.SLEEP, marks_of(nights, period), unit=60)
    assert [each.top is None for each in chart.placed] == [False, True, False, True, True, True, True]
    assert (chart.ticks[0][1], len(chart.ticks) <= 7) == (0, True)
    told = spread(Measure.SLEEP, nights, period, today=DAY + timedelta(days=6))
    assert told is not None
    assert (told.measured, told.missing) == (2, 5)


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("span", list(Span))
def test_a_picture_is_small_and_carries_no_style(measure: Measure, span: Span) -> None:
    values = {DAY + timedelta(days=number): 50.0 + number % 90 for number in range(240)}
    period = period_of(span, DAY + timedelta(days=100))
    picture = svg(chart_of(measure, marks_of(values, period)), title="<b>&", unit="x", means="y")
    assert (len(picture) <= 15_000, "style" in picture, "<b>" in picture) == (True, False, False)
    # A line over a gap would tell what nobody measured.
    lonely = svg(chart_of(Measure.HEART_RATE, marks_of({DAY: 60.0}, period)), title="", unit="", means="")
    assert "L" not in "".join(re.findall(r'<path d="([^"]*)"', lonely))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("span", list(Span))
def test_a_measure_is_told_as_picture_words_and_table(span: Span, language: str, raili: Resident) -> None:
    page = raili.browser.get(f"/{language}/devices/figures/steps/?span={span}").content.decode()
    assert [page.count(each) for each in ('<svg class="chart"', "<details>", '<th scope="col">')] == [1, 1, 2]
    assert page.count('<th scope="row">') in {7, 28, 29, 30, 31, 12}
    assert "Ainon Apple Watch" in page


@pytest.mark.parametrize("query", ["span=day", "until=x", "until=0001-01-01&span=week"])
def test_a_period_that_is_none_is_not_found(query: str, raili: Resident) -> None:
    assert raili.browser.get(f"/fi/devices/figures/steps/?{query}").status_code == 404
    assert raili.browser.get("/fi/devices/figures/weight/").status_code == 404


def test_removing_the_watch_lets_the_phone_count(raili: Resident) -> None:
    assert {each.device for each in sources_in(held(raili.person))} == {Device.WATCH}
    # The phone is there too, though none of it counts beside the watch.
    with scope(Role.RESIDENT, persons=[raili.person]):
        kept = sources_kept(raili.person)
    assert {device for _, device in kept} == {Device.WATCH, Device.PHONE}
    watch = next(str(number) for number, (_, device) in enumerate(kept) if device is Device.WATCH)
    assert raili.browser.post("/fi/devices/remove/", {"what": watch}).status_code == 302
    assert {each.device for each in held(raili.person)} == {Device.PHONE}


def test_removing_days_removes_those_days(raili: Resident) -> None:
    since, until = days_ago(20), days_ago(10)
    raili.browser.post("/fi/devices/remove/", {"what": "period", "since": f"{since:%d.%m.%Y}", "until": str(until)})
    left = {each.day for each in held(raili.person)}
    assert left
    assert [day for day in left if since <= day <= until] == []


@pytest.mark.parametrize(
    "told", [{}, {"what": "9"}, {"what": "period"}, {"what": "period", "since": "3.6.2026", "until": "2.6.2026"}]
)
def test_what_is_not_said_clearly_removes_nothing(told: dict[str, str], raili: Resident) -> None:
    before = held(raili.person)
    assert raili.browser.post("/fi/devices/remove/", told).status_code == 422
    assert held(raili.person) == before


def test_removing_asks_for_a_fresh_sign_in(raili: Resident) -> None:
    grow_old(raili)
    assert raili.browser.post("/fi/devices/remove/", {"what": "all"}).status_code == 403
    assert held(raili.person) != ()


def _nothing_is_left(person: UUID) -> None:
    with scope(Role.WORKER):
        for model in (Figures, DayBooks, Choice, Import):
            assert model.objects.filter(person_id=person).count() == 0
        key = PersonKey.objects.get(person_id=person, scope="brought")
        assert (key.wrapped, key.destroyed_at is not None) == (None, True)


def test_removing_everything_ends_the_key_and_leaves_the_entry(raili: Resident) -> None:
    raili.browser.post("/fi/devices/choices/", {"first": "phone", "days": "90"})
    assert raili.browser.post("/fi/devices/remove/", {"what": "all"}).status_code == 302
    _nothing_is_left(raili.person)
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Entry.objects.filter(subject=raili.person, kind="wearables.removed").count() == 1
    # They may begin anew, under another key.
    bring(raili, EXPORTS["apple"](days(days_ago(5), 5)))
    assert read_all(raili).state == "done"
    assert held(raili.person) != ()


def test_taking_the_permission_back_removes_everything(raili: Resident) -> None:
    consent = allow(raili)
    now, by = timezone.now(), resident(raili.person)
    with scope(Role.RESIDENT, persons=[raili.person]):
        withdraw(consent.pk, shown=Shown(consent.text_id, "fi"), by=by, at=now)
    with scope(Role.WORKER):
        [asked] = Job.objects.filter(name="wearables.forget_all")
        assert asked.arguments == {"person_id": str(raili.person)}
        forget_all(raili.person, by=WORKER, at=now)
    _nothing_is_left(raili.person)


def test_the_phone_first_changes_which_counts(raili: Resident) -> None:
    before = by_day([each for each in held(raili.person) if each.measure is Measure.STEPS])
    assert raili.browser.post("/fi/devices/choices/", {"first": "phone"}).status_code == 302
    after = by_day([each for each in held(raili.person) if each.measure is Measure.STEPS])
    assert after.keys() == before.keys()
    assert after != before
    raili.browser.post("/fi/devices/choices/", {"first": "watch"})
    assert by_day([each for each in held(raili.person) if each.measure is Measure.STEPS]) == before


@pytest.mark.parametrize(("path", "most"), [("devices", 14), ("devices/figures/steps", 8)])
def test_a_page_takes_as_many_statements_however_much_there_is(path: str, most: int, raili: Resident) -> None:
    def taken() -> int:
        raili.browser.get(f"/fi/{path}/")
        with CaptureQueriesContext(connection) as asked:
            assert raili.browser.get(f"/fi/{path}/").status_code == 200
        return len([each for each in asked if not re.search("SAVEPOINT|current_setting", each["sql"])])

    before = taken()
    for number in range(2):
        bring(raili, EXPORTS["garmin"](days(days_ago(400 + 100 * number), 9)))
        read_all(raili)
    assert (taken(), before <= most) == (before, True)
