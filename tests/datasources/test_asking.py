"""Asking about one person while they are here."""

import struct
import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from datasources.actions.asking import _Asked, _keep, ask_for, fetch_person
from datasources.actions.calling import Answer, _ask
from datasources.actions.pulls import pull_source
from datasources.models import Asking, Pull, PullKind, Sheet
from datasources.queries.holdings import departments_of
from demo.departments.moods import Mood
from portal.jobs.models import Job
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.people.actions import identity_code_of
from portal.people.queries import active_people
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")


def on_its_way(person: UUID) -> list[str]:
    """Slugs of the departments that are being asked; within the person's scope."""
    return [card.slug for card in departments_of(person) if card.arriving]


def ask(person: UUID, *, seconds: int = 0) -> bool:
    return ask_for(person, by=resident(person), at=NIGHT + timedelta(seconds=seconds))


def held(person: UUID) -> set[str]:
    with scope(Role.WORKER):
        return set(Sheet.objects.filter(person_id=person).values_list("source__slug", flat=True))


def errors(person: UUID) -> dict[str, str]:
    with scope(Role.WORKER):
        return dict(Asking.objects.filter(person_id=person).values_list("source__slug", "error"))


def rung(name: str) -> int:
    with scope(Role.WORKER):
        return Job.objects.filter(name=name).count()


def test_live_sources_answer_at_once_and_files_wait_for_their_turn() -> None:
    mikael = arrive("mikael")
    ask(mikael)
    fetch_person(mikael, by=BY, at=NIGHT)
    assert held(mikael) == {"early-education", "library"}
    assert rung("datasources.pull_source") == 1
    with scope(Role.RESIDENT, persons=[mikael]):
        cards = {card.slug: card.source for card in departments_of(mikael)}
        assert not on_its_way(mikael)
    assert [(state.asking, state.live) for slug in ("library", "sports") if (state := cards[slug])] == [
        (False, True),
        (True, False),
    ]
    pull_source(source("sports").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(minutes=1))
    assert held(mikael) == {"early-education", "library", "sports"}


def test_what_was_asked_live_is_the_same_as_what_the_night_reads() -> None:
    mikael = arrive("mikael")
    ask(mikael)
    fetch_person(mikael, by=BY, at=NIGHT)
    for slug in ("early-education", "library"):
        done = pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(hours=1))
        assert (done.unchanged > 0, done.changed, done.removed) == (True, 0, 0)


def test_one_asking_of_a_person_at_a_time() -> None:
    mikael = arrive("mikael")
    assert [ask(mikael), ask(mikael), ask(mikael, seconds=30)] == [True, False, False]
    assert rung("datasources.fetch_person") == 1
    fetch_person(mikael, by=BY, at=NIGHT)
    assert ask(mikael, seconds=31)
    assert rung("datasources.fetch_person") == 2


@pytest.mark.parametrize("slug", ["library", "early-education"])
def test_an_answer_about_someone_else_is_never_kept_and_raises_an_alarm(city: City, slug: str) -> None:
    mikael = arrive("mikael")
    everyone_here = [arrive(other) for other in ("aino", "bjorn", "raili")]
    city.departments.moods.set(slug, Mood.OTHER_PERSON)
    ask(mikael)
    fetch_person(mikael, by=BY, at=NIGHT)
    assert slug not in held(mikael)
    assert [held(other) for other in everyone_here] == [set()] * 3
    assert errors(mikael)[slug] == (
        "The system answered about someone else than asked. Nothing of the answer was kept."
    )
    with scope(Role.WORKER):
        entry = Entry.objects.get(kind="datasources.wrong_person")
        assert Pull.objects.get(pk=entry.reference).rejected == 1
    assert (entry.subject, entry.department) == (mikael, slug)


@pytest.mark.parametrize("mood", [Mood.DOWN, Mood.SLOW, Mood.WRONG])
def test_one_bad_department_neither_delays_nor_hides_the_rest(city: City, mood: Mood) -> None:
    mikael = arrive("mikael")
    city.departments.moods.set("library", mood, slow_seconds=6)
    ask(mikael)
    began = time.monotonic()
    fetch_person(mikael, by=BY, at=NIGHT)
    assert time.monotonic() - began < 4.5
    assert held(mikael) == {"early-education"}
    with scope(Role.RESIDENT, persons=[mikael]):
        cards = {card.slug: card.source for card in departments_of(mikael)}
    assert [(state.failed, state.asking) for slug in ("library", "early-education") if (state := cards[slug])] == [
        (True, False),
        (False, False),
    ]


def test_a_resident_sees_and_makes_only_their_own_askings() -> None:
    mikael, aino = arrive("mikael"), arrive("aino")
    ask(mikael)
    with scope(Role.RESIDENT, persons=[aino]):
        assert Asking.objects.count() == 0
        assert not on_its_way(mikael)
    with scope(Role.RESIDENT, persons=[mikael]):
        assert on_its_way(mikael) == ["early-education", "library"]


def test_someone_who_is_not_active_is_not_asked_about() -> None:
    mikael = arrive("mikael")
    ask(mikael)
    fetch_person(mikael, by=BY, at=NIGHT + timedelta(days=800))
    assert held(mikael) == set()


def test_an_answer_that_cannot_be_kept_takes_no_other_with_it() -> None:
    mikael = arrive("mikael")
    with scope(Role.WORKER):
        found = active_people(at=NIGHT).get(pk=mikael)
        asked = _Asked(mikael, bytes(found.blind_index), identity_code_of(found))
    came = [(row, _ask(row, asked.code, 3.0)) for row in map(source, ("library", "early-education"))]
    broken: Answer = {
        dataset: [replace(each, row_count=1 << 40) for each in some] for dataset, some in came[1][1].items()
    }
    with pytest.raises(struct.error):
        _keep([came[0], (came[1][0], broken)], asked, by=BY, at=NIGHT)
    assert held(mikael) == {"library"}
    assert _keep(came, asked, by=BY, at=NIGHT) == {"library": None, "early-education": None}
    assert held(mikael) == {"early-education", "library"}
