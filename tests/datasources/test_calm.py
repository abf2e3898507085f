"""A department system is left in peace when it asks for it: at its quiet hours, and by no more than so many at once."""

import threading
import time
from datetime import datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from datasources.actions.asking import ask_for, ask_these, fetch_person
from datasources.actions.pulls import queue_pull
from datasources.actions.reach import is_waited_for, leave, long_place_at, place_at
from datasources.models import Asking, Source
from datasources.queries.health import health_of_department, health_text
from datasources.rules.health import Health, health_of, may_begin_at
from portal.jobs.models import Job
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, AnotherWorker, City, arrive, source

HERE = ZoneInfo("Europe/Helsinki")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24 {text}").replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("now", "quiet_from", "quiet_until", "begins"),
    [
        ("02:10", None, None, "02:10"),
        ("02:10", "01:00", "03:30", "03:30"),
        ("00:59", "01:00", "03:30", "00:59"),
        ("03:30", "01:00", "03:30", "03:30"),
        ("02:10", "22:00", "05:00", "05:00"),
        ("21:59", "22:00", "05:00", "21:59"),
        ("02:10", "04:00", "04:00", "02:10"),
    ],
)
def test_a_reading_waits_for_the_end_of_quiet_hours(
    now: str, quiet_from: str | None, quiet_until: str | None, begins: str
) -> None:
    start, end = (clock.fromisoformat(each) if each else None for each in (quiet_from, quiet_until))
    assert may_begin_at(at(now), quiet_from=start, quiet_until=end) == at(begins)


def test_quiet_hours_over_midnight_end_in_the_morning() -> None:
    begins = may_begin_at(at("23:00"), quiet_from=clock(22), quiet_until=clock(5))
    assert begins == at("05:00") + timedelta(days=1)


@pytest.mark.usefixtures("catalogue")
def test_a_night_in_quiet_hours_is_queued_for_their_end() -> None:
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(quiet_from=clock(1), quiet_until=clock(6))
        queue_pull(source("library"), at=at("02:10"))
        assert Job.objects.get(name="datasources.pull_source").due_at == at("06:00")


@pytest.mark.parametrize(
    ("told", "health"),
    [
        ({"switched_on": False}, Health.OFF),
        ({"failures": 1}, Health.FAILING),
        ({"last_success_at": None}, Health.NEVER),
        ({"last_success_at": NIGHT - timedelta(days=3)}, Health.OVERDUE),
        ({}, Health.WELL),
    ],
)
def test_health_is_one_word(told: dict[str, object], health: Health) -> None:
    usual = {"switched_on": True, "failures": 0, "last_success_at": NIGHT - timedelta(days=1)}
    assert health_of(**(usual | told), at=NIGHT) is health  # type: ignore[arg-type]


@pytest.mark.usefixtures("catalogue")
def test_health_is_told_to_everyone_and_nothing_inward_with_it() -> None:
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(failures=2, last_error="10.0.0.7 refused", last_success_at=NIGHT)
    library = source("library")
    with override("fi"):
        told = health_of_department(library.department, at=NIGHT)
        assert told == health_text(library, at=NIGHT)
    assert "24.11.2026" in told
    assert "10.0.0.7" not in told


@pytest.mark.usefixtures("catalogue")
def test_no_more_ask_at_once_than_may_over_all_workers(another_worker: AnotherWorker) -> None:
    library = source("library")
    library.most_in_flight = 2
    first = place_at(library)
    assert first is not None
    leave(first)
    another_worker.holds(first)
    second = place_at(library)
    assert second not in (None, first)
    leave(second)
    another_worker.holds(second)
    assert place_at(library) is None
    # A killed worker leaves its places.
    another_worker.dies()
    deadline = time.monotonic() + 5
    while (again := place_at(library)) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert again is not None
    leave(again)


@pytest.mark.usefixtures("catalogue")
def test_whoever_finds_no_place_is_told_and_the_system_is_not_blamed(another_worker: AnotherWorker, city: City) -> None:
    mikael = arrive("mikael")
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(
            most_in_flight=1, settings=source("library").settings | {"time_limit": 0.3}
        )
    place = place_at(source("library"))
    assert place is not None
    leave(place)
    another_worker.holds(place)
    ask_for(mikael, by=resident(mikael), at=NIGHT)
    fetch_person(mikael, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        asked = {asking.source.slug: asking.error for asking in Asking.objects.select_related("source")}
    assert asked["library"].startswith("As many as may")
    assert asked["early-education"] == ""
    assert source("library").failures == 0


@pytest.mark.usefixtures("catalogue")
def test_a_system_that_others_wait_long_for_is_left_alone(another_worker: AnotherWorker, city: City) -> None:
    """It hangs, perhaps: a quarter of its places, and one at least, are to wait at."""
    mikael = arrive("mikael")
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(most_in_flight=4)
    library = source("library")
    place = long_place_at(library)
    assert place is not None
    assert is_waited_for(library)
    leave(place)
    assert not is_waited_for(library)
    another_worker.holds(place)
    assert (is_waited_for(library), long_place_at(library)) == (True, None)
    # Without a word to the library; the others are asked.
    wanted = ["early-education", "library"]
    told = {
        slug: fault for some in ask_these(mikael, wanted, by=BY, at=NIGHT, every=60) for slug, fault in some.items()
    }
    assert told == {"early-education": "", "library": "Busy"}
    ask_for(mikael, by=resident(mikael), at=NIGHT)
    fetch_person(mikael, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert Asking.objects.get(source__slug="library").error.startswith("As many as may")


@pytest.mark.usefixtures("catalogue")
def test_whoever_waits_for_a_place_gets_it_when_it_is_left(another_worker: AnotherWorker, city: City) -> None:
    mikael = arrive("mikael")
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(most_in_flight=1)
    place = place_at(source("library"))
    assert place is not None
    leave(place)
    another_worker.holds(place)
    threading.Timer(0.5, another_worker.dies).start()
    ask_for(mikael, by=resident(mikael), at=NIGHT)
    fetch_person(mikael, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert Asking.objects.get(source__slug="library").error == ""
