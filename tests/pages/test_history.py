"""What happened to a permission, what its texts said, and what stopping changes: told on its own pages."""

import copy
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.actions import answering
from consents.actions.traces import Shown
from consents.enums import Change, OldAnswers, TextState
from consents.kinds import ConsentEntry
from consents.models import CATALOGUE, Consent, PurposeText
from consents.queries.reading import consents_of
from consents.texts import text_sha256
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.pages.readability import reading_minutes
from portal.walls import Role, scope
from tests.residents import Resident

Enter = Callable[[str], Resident]
PLACE = "sports-courses.place"
WHY = {
    "fi": "Niiden avulla se lähettää sinulle viestin kaksi päivää ennen kurssia.",
    "sv": "Med hjälp av dem skickar de ett meddelande två dagar innan kursen börjar.",
    "en": "With them it sends you a message two days before a course starts.",
}
MARKS = {"fi": ("[uutta:", "[poistettu:"), "sv": ("[nytt:", "[struket:"), "en": ("[new:", "[taken out:")}


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    return resident_in("raili")


def row(raili: Resident) -> Consent:
    with scope(Role.RESIDENT, persons=[raili.person]):
        return consents_of(raili.person).get(purpose__slug="swimming-reminders")


def give(raili: Resident, *optional: str, at: datetime | None = None) -> UUID:
    """Yes to what is asked with now."""
    consent = row(raili)
    with scope(Role.RESIDENT, persons=[raili.person]):
        text = PurposeText.objects.get(purpose=consent.purpose_id, state=TextState.PUBLISHED)
        by, shown = resident(raili.person), Shown(text.pk, "en")
        answering.give(consent.pk, shown=shown, optional=optional, by=by, at=at or timezone.now())
    return consent.pk


def withdraw(raili: Resident) -> None:
    consent = row(raili)
    with scope(Role.RESIDENT, persons=[raili.person]):
        by = resident(raili.person)
        answering.withdraw(consent.pk, shown=Shown(consent.text_id, "en"), by=by, at=timezone.now())


def publish(raili: Resident, *, state: TextState = TextState.PUBLISHED) -> PurposeText:
    """The next version: why is said otherwise; a change that is asked again."""
    consent = row(raili)
    with scope(Role.STAFF, departments=["*"]):
        texts = PurposeText.objects.filter(purpose=consent.purpose_id)
        newest = texts.order_by("-version")[0]
        parts = copy.deepcopy(newest.parts)
        for language, words in WHY.items():
            parts[language]["why"] = f"{words} {newest.version}."
        facts = {"purpose": consent.purpose, "version": newest.version + 1, "state": state, "parts": parts}
        facts |= {"sha256": text_sha256(parts), "drafted_by": CATALOGUE, "drafted_at": timezone.now()}
        facts |= {"change": Change.CHANGE, "old_answers": OldAnswers.ASKED_AGAIN}
        if state == TextState.PUBLISHED:
            texts.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
            facts["published_at"] = timezone.now()
        return PurposeText.objects.create(**facts)


def page(raili: Resident, path: str, language: str = "en") -> str:
    answer = raili.browser.get(f"/{language}/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_everything_that_happened_is_told_newest_first_and_what_is_old_is_folded(raili: Resident) -> None:
    pk = give(raili, PLACE)
    for _ in range(3):
        withdraw(raili)
        give(raili)
    said = page(raili, f"permissions/{pk}/")
    told = re.findall(r"<p><strong>([^<]+)</strong></p>", said)
    rounds = ["You gave a permission.", "You took a permission back."]
    assert told == [*rounds * 3, "You gave a permission.", "You were asked for a permission."]
    assert "What happened before that: 3 events" in said
    assert (said.count("You · In this service"), said.count("read in English")) == (7, 7)
    assert said.count("Covered: Courses: Course, Place, Starts.") == 1


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_text_that_changed_is_a_question_wherever_questions_stand(language: str, raili: Resident) -> None:
    pk = give(raili)
    links = f'<h3><a href="/{language}/requests/{pk}/">'
    assert [links in page(raili, f"{path}/", language) for path in ("home", "permissions")] == [False, False]
    publish(raili)
    assert [page(raili, f"{path}/", language).count(links) for path in ("home", "permissions")] == [1, 1]
    said = page(raili, f"requests/{pk}/", language)
    assert all(mark in said for mark in MARKS[language])
    # Of the data, what the yes left out is told too.
    assert re.search(r"<dd>[^<]*: (Place|Paikka|Plats)</dd>", said)


def test_who_never_answered_sees_no_marks(raili: Resident) -> None:
    publish(raili)
    assert "[new:" not in page(raili, f"requests/{row(raili).pk}/")


def test_each_version_is_read_whole_with_what_changed_marked(raili: Resident) -> None:
    pk = give(raili)
    publish(raili)
    publish(raili)
    first, second, third = (page(raili, f"permissions/{pk}/texts/{number}/") for number in (1, 2, 3))
    assert ("[new:" in first, "What changed since" in first) == (False, False)
    assert "What changed since version 1, which you answered, is marked." in second
    assert "What changed since version 1, which you answered, is marked." in third
    give(raili)
    assert "What changed since version 2 is marked." in page(raili, f"permissions/{pk}/texts/3/")
    assert re.search(r"Readability \d+ of 100; 50 is just within the limits.", first)
    assert page(raili, f"permissions/{pk}/").count("What changed in version") == 2


def test_a_version_that_is_not_published_is_not_there(raili: Resident) -> None:
    pk = give(raili)
    publish(raili, state=TextState.DRAFT)
    assert [raili.browser.get(f"/en/permissions/{pk}/texts/{number}/").status_code for number in (0, 2, 3)] == [404] * 3


def test_before_stopping_one_reads_what_stops_what_stays_and_how_to_ask_for_more(raili: Resident) -> None:
    pk = give(raili, PLACE)
    said = page(raili, f"permissions/{pk}/stop/")
    assert "Sports Services may no longer use: Courses: Course, Place, Starts." in " ".join(said.split())
    assert '<a href="/en/registers/' in said
    assert "The log tells of no use of your data with this permission." in said
    assert "I ask Espoo Sports Services to delete the data" in said
    assert said.count("<button") == 3  # sign out, take back, stay signed in: none that does nothing


def test_the_last_use_is_the_newest_of_the_log(raili: Resident) -> None:
    pk, now = give(raili), timezone.now()
    program = Actor(ActorKind.CLIENT, "program", Right.CLIENT, unit="sports")
    with scope(Role.WORKER):
        for days in (9, 2):
            at, purpose = now - timedelta(days=days), "swimming-reminders"
            record(ConsentEntry.CHECKED, by=program, about=raili.person, at=at, department="sports", purpose=purpose)
    for path in (f"permissions/{pk}/", f"permissions/{pk}/stop/"):
        assert "The log tells of no use" not in page(raili, path)
    assert "The log says that it was last used" in page(raili, f"permissions/{pk}/stop/")


def _takes(raili: Resident, path: str) -> int:
    raili.browser.get(f"/en/{path}")
    with CaptureQueriesContext(connection) as asked:
        assert raili.browser.get(f"/en/{path}").status_code == 200
    return len(asked)


def test_a_long_story_takes_as_many_statements_as_a_short_one(raili: Resident) -> None:
    pk = give(raili, PLACE)
    publish(raili)
    give(raili, PLACE)
    paths = [f"permissions/{pk}/{rest}" for rest in ("", "stop/", "texts/2/")]
    short = {path: _takes(raili, path) for path in paths}
    for _ in range(3):
        publish(raili)
        give(raili, PLACE)
    assert {path: _takes(raili, path) for path in paths} == short


def test_several_questions_asked_anew_take_one_statement_more_than_none(raili: Resident) -> None:
    give(raili)
    before = _takes(raili, "home/")
    publish(raili)
    assert _takes(raili, "home/") == before + 1


@pytest.mark.parametrize(("characters", "told"), [(10, "½"), (400, "½"), (401, "1"), (801, "1½"), (1600, "2")])
def test_the_time_to_read_is_a_minute_for_800_characters(characters: int, told: str) -> None:
    parts = dict.fromkeys(("why", "benefit", "who_else", "if_no", "how_long", "how_to_stop", "who"), "")
    assert reading_minutes({**parts, "what": "x" * characters}) == told
