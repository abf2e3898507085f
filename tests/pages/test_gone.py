"""What a permission is worth when the data that it is about was taken out of the catalogue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from consents.enums import Reason
from consents.models import Consent
from consents.queries.asking import asked_and_answered
from consents.queries.reading import consents_of
from consents.rules.deciding import decide
from datasources.models import Dataset, Field
from portal.walls import Role, scope
from tests.residents import Resident

SLUG, DATASET = "swimming-reminders", "sports-courses"
GONE = "The city no longer keeps all the data that this question is about."
Enter = Callable[[str], Resident]


def question_of(one: Resident) -> Consent:
    with scope(Role.RESIDENT, persons=[one.person]):
        return consents_of(one.person).get(purpose__slug=SLUG)


def reason_of(one: Resident) -> tuple[Reason, tuple[str, ...]]:
    with scope(Role.API, persons=[one.person]):
        found = asked_and_answered(SLUG)()
    assert found is not None
    facts, held, _ = found
    told = decide(
        facts, DATASET, recipient="sports", held=True, consent=held[one.person.int], holds=(), at=timezone.now()
    )
    return told.reason, told.fields


@contextmanager
def retired(*fields: str) -> Iterator[None]:
    """The whole dataset, or some of its fields."""
    rows = (
        Field.objects.filter(dataset__slug=DATASET, slug__in=fields) if fields else Dataset.objects.filter(slug=DATASET)
    )
    with scope(Role.STAFF, departments=["*"]):
        rows.update(retired_at=timezone.now())
    yield
    with scope(Role.STAFF, departments=["*"]):
        rows.update(retired_at=None)


@pytest.mark.parametrize("fields", [(), ("course",)])
def test_a_question_about_what_is_gone_is_put_to_nobody(fields: tuple[str, ...], resident_in: Enter) -> None:
    raili = resident_in("raili")
    asked = question_of(raili)
    before = raili.browser.get("/en/home/").content.decode()
    with retired(*fields):
        address, said = f"/en/requests/{asked.pk}/", {"text": str(asked.text_id), "answer": "yes"}
        home = raili.browser.get("/en/home/").content.decode()
        assert (address in before, address in home) == (True, False)
        assert GONE in raili.browser.get(address, follow=True).content.decode()
        assert GONE in raili.browser.post(address, said, follow=True).content.decode()
        assert question_of(raili).state == "requested"
    assert raili.browser.post(address, said).status_code == 302
    assert question_of(raili).state == "given"


def test_what_was_allowed_is_used_no_more_and_is_taken_back(resident_in: Enter) -> None:
    raili = resident_in("raili")
    asked = question_of(raili)
    raili.browser.post(f"/en/requests/{asked.pk}/", {"text": str(asked.text_id), "answer": "yes"})
    assert reason_of(raili)[0] is Reason.ALLOWED_BY_CONSENT
    with retired():
        assert reason_of(raili) == (Reason.NOT_IN_SCOPE, ())
        page = raili.browser.get(f"/en/permissions/{asked.pk}/").content.decode()
        assert ("What is gone is not used." in page, "Change what it covers" in page) == (True, False)
        changed = {"text": str(asked.text_id), "optional": "sports-courses.place"}
        raili.browser.post(f"/en/permissions/{asked.pk}/change/", changed)
        assert "sports-courses.place" not in question_of(raili).fields
        raili.browser.post(f"/en/permissions/{asked.pk}/stop/")
    assert question_of(raili).state == "withdrawn"


def test_a_field_that_is_gone_is_not_covered_and_the_rest_is(resident_in: Enter) -> None:
    raili = resident_in("raili")
    asked, said = question_of(raili), {"answer": "yes", "optional": "sports-courses.place"}
    raili.browser.post(f"/en/requests/{asked.pk}/", {"text": str(asked.text_id), **said})
    whole = reason_of(raili)[1]
    with retired("place"):
        assert reason_of(raili)[1] == tuple(name for name in whole if name != "place")
    assert ("place" in whole, reason_of(raili)[1]) == (True, whole)


def test_who_comes_for_the_first_time_is_not_asked_for_what_is_gone(city: None, resident_in: Enter) -> None:
    with retired():
        otso = resident_in("otso")
        with scope(Role.RESIDENT, persons=[otso.person]):
            assert not consents_of(otso.person).filter(purpose__slug=SLUG).exists()
