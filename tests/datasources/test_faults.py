"""Department systems that are down, slow, changed or mistaken: the last good sheets stay, and a sentence says why."""

from datetime import timedelta

import pytest

from datasources.actions.pulls import pull_source
from datasources.models import Pull, PullKind, PullState, Sheet
from datasources.protocol import Limits
from datasources.rules.circuit import OPENS_AFTER
from demo.departments.moods import Mood
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")


def pull(slug: str, *, minutes: int = 0) -> Pull:
    at = NIGHT + timedelta(minutes=minutes)
    return pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=at, limits=Limits.within(2))


def held() -> set[tuple[str, bytes]]:
    with scope(Role.WORKER):
        return {(slug, bytes(digest)) for slug, digest in Sheet.objects.values_list("dataset__slug", "digest")}


@pytest.mark.parametrize(
    ("slug", "mood", "sentence"),
    [
        ("early-education", Mood.DOWN, "The database does not answer."),
        ("early-education", Mood.SLOW, "The database did not answer in time."),
        ("library", Mood.DOWN, "The web interface is out of order (HTTP 503)."),
        ("library", Mood.SLOW, "The web interface did not answer in time."),
        ("sports", Mood.DOWN, "The file server does not answer."),
        ("sports", Mood.SLOW, "The file server did not answer in time."),
    ],
)
def test_a_department_that_does_not_answer_keeps_its_last_sheets(
    city: City, slug: str, mood: Mood, sentence: str
) -> None:
    arrive("mikael")
    pull(slug)
    before = held()
    city.departments.moods.set(slug, mood, slow_seconds=4)
    done = pull(slug, minutes=1)
    assert (done.state, done.error) == (PullState.FAILED, sentence)
    assert (held(), source(slug).last_error, source(slug).failures) == (before, sentence, 1)


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        (
            "early-education",
            "early-education-fee-decisions: The database has no fee_decision.total_cents any more.",
        ),
        ("library", "library-card: The web interface answered with a page, not with data."),
        ("sports", "sports-courses: courses.csv no longer has the column henkilotunnus."),
    ],
)
def test_a_department_that_changed_says_which_field_and_keeps_its_last_sheets(
    city: City, slug: str, sentence: str
) -> None:
    arrive("mikael")
    pull(slug)
    before = held()
    city.departments.moods.set(slug, Mood.WRONG)
    done = pull(slug, minutes=1)
    assert (done.state, sentence in done.error) == (PullState.FAILED, True)
    assert held() == before


def test_the_rest_of_a_changed_department_is_read_all_the_same(city: City) -> None:
    arrive("mikael")
    city.departments.moods.set("early-education", Mood.WRONG)
    assert pull("early-education").changed > 0
    assert source("early-education").failures == 0


def test_swapped_lines_of_a_file_are_refused_whole_and_raise_an_alarm(city: City) -> None:
    arrive("raili")
    pull("sports")
    before = held()
    city.departments.moods.set("sports", Mood.OTHER_PERSON)
    done = pull("sports", minutes=1)
    with scope(Role.WORKER):
        alarms = Entry.objects.filter(kind="datasources.wrong_person").count()
    assert (done.rejected, alarms, held()) == (4, 4, before)


def test_the_circuit_opens_at_the_fifth_failure_and_lets_one_try_a_minute_later(city: City) -> None:
    arrive("mikael")
    city.departments.moods.set("library", Mood.DOWN)
    for _ in range(OPENS_AFTER):
        pull("library")
    left_alone = pull("library")
    assert left_alone.error == "The system failed too many times in a row. It is tried again in a minute."
    assert source("library").failures == OPENS_AFTER
    city.departments.moods.set("library", Mood.OK)
    assert pull("library", minutes=2).state == PullState.DONE
    assert (source("library").failures, source("library").opened_at) == (0, None)


def test_a_row_under_nonsense_is_rejected_and_the_others_are_read(city: City) -> None:
    arrive("mikael")
    database = city.early_education
    database.execute("INSERT INTO guardian VALUES (999999, 'not a code', 'A', 'B', NULL, NULL, '', '', 'fi', false)")
    try:
        done = pull("early-education")
    finally:
        database.execute("DELETE FROM guardian WHERE id = 999999")
    assert (done.state, done.rejected) == (PullState.DONE, 1)
