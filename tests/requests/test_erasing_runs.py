"""An erasure from its choice to its receipt: rehearsed, taken back, refused, silent, done once."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.models import Announcement
from consents.queries.reading import consents_of
from datasources.models import NotCopied, Source
from datasources.queries.erased import kept_away
from portal.jobs.models import Job
from portal.keys.errors import KeyDestroyed
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.people.signals import signed_in
from portal.requests.actions import withdraw_request
from portal.requests.enums import Outcome, RequestState
from portal.requests.erasing.actions import erase
from portal.requests.erasing.models import Erased, Plan
from portal.requests.erasing.receipts import file_of_request, verify_erasure
from portal.requests.erasing.systems import rehearse_plan
from portal.requests.erasing.told import told_of
from portal.requests.errors import AlreadyAnswered, AlreadyBegun
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import (
    BOATS,
    COURSES,
    LIBRARY,
    UNPAID,
    Department,
    asked,
    copied,
    copies,
    departments,
    parts,
    planned,
    run,
)  # fmt: skip
from tests.residents import Resident

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


def receipt(one: Resident, request: Request) -> dict[str, dict[str, object]]:
    """{register: its line}, its signature checked."""
    with scope(Role.RESIDENT, persons=[one.person]):
        content = file_of_request(one.person, request.pk)
    told = json.loads(content)
    verify_erasure(told)
    return {line["register"]: line for line in told["receipt"]["registers"]}


def there(one: Resident, request: Request) -> dict[str, object]:
    return {slug: line["in_the_departments_system"] for slug, line in receipt(one, request).items()}


def test_a_rehearsal_changes_nothing_and_tells_what_would_go(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, systems["sports"].refuses = resident_in("raili"), True
    copied(raili.person, "library-card")
    plan = planned(raili.person, LIBRARY, BOATS)
    rehearse_plan(plan.pk, at=timezone.now())
    with scope(Role.RESIDENT, persons=[raili.person]):
        told = told_of(Plan.objects.get(pk=plan.pk))["sources"]
    assert told == {"library": {"rows": 3}, "sports": {"reasons": [[UNPAID["fi"], UNPAID["sv"], UNPAID["en"]]]}}
    assert (copies(raili.person), [each.effects for each in systems.values()]) == ({"library-card"}, [0, 0])


def test_everything_goes_where_it_may_and_the_receipt_tells_of_each(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    systems["sports"].refuses = True
    for one in (raili, otso):
        copied(one.person, "library-card", "sports-courses", "boat-places")
    request = run(asked(raili.person))
    assert (request.state, request.outcome) == (RequestState.ANSWERED, Outcome.PARTLY)
    assert parts(request) == {"library": "done", "sports": "refused"}
    assert (copies(raili.person), len(copies(otso.person))) == (set(), 3)
    lines = receipt(raili, request)
    assert there(raili, request)[LIBRARY] == "erased"
    assert (lines[BOATS]["in_the_departments_system"], lines[BOATS]["reasons"]) == ("refused", [UNPAID])
    # A public task: the law holds it there; here the copy went.
    assert (lines[COURSES]["in_the_departments_system"], lines[COURSES]["copies_erased"]) == ("stays", 1)
    assert [each.effects for each in systems.values()] == [1, 0]


def test_after_everything_the_keys_are_gone_and_nothing_is_copied_again(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card")
    run(asked(raili.person))
    with scope(Role.RESIDENT, persons=[raili.person]):
        with pytest.raises(KeyDestroyed):
            person_key(raili.person, KeyScope.RECORDS)
        assert kept_away(raili.person) == (True, frozenset())
    copied(raili.person, "library-card")
    assert copies(raili.person) == set()


def test_a_part_leaves_the_rest_and_keeps_the_next_reading_away(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    copied(raili.person, "library-card", "sports-courses")
    run(asked(raili.person, LIBRARY))
    assert copies(raili.person) == {"sports-courses"}
    for one in (raili, otso):
        copied(one.person, "library-card", "sports-courses")
    assert (copies(raili.person), copies(otso.person)) == ({"sports-courses"}, {"library-card", "sports-courses"})
    assert raili.browser.post("/fi/rights/erase/copy-again/").status_code == 302
    copied(raili.person, "library-card")
    assert copies(raili.person) == {"library-card", "sports-courses"}


def test_pressed_twice_it_is_one_request(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    plan, by = planned(raili.person), resident(raili.person)
    with scope(Role.RESIDENT, persons=[raili.person]):
        told = {"person": raili.person, "language": "fi", "by": by, "at": timezone.now()}
        first, again = (erase(plan.pk, **told) for _ in range(2))  # type: ignore[arg-type]
    other = asked(raili.person, LIBRARY)
    assert (first.pk, first.pk) == (again.pk, other.pk)
    run(first)
    run(first)
    assert [each.effects for each in systems.values()] == [1, 1]
    with scope(Role.WORKER):
        assert Erased.objects.count() == 1


def test_taken_back_before_it_begins_nothing_goes(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card")
    request = asked(raili.person)
    raili.browser.post(f"/fi/rights/{request.pk}/take-back/")
    assert run(request).state == RequestState.WITHDRAWN
    assert (copies(raili.person), [each.effects for each in systems.values()]) == ({"library-card"}, [0, 0])


def test_once_begun_it_cannot_be_taken_back(systems: dict[str, Department], resident_in: Enter) -> None:
    raili, systems["library"].silent = resident_in("raili"), True
    request = run(asked(raili.person))
    assert request.state == RequestState.WORKING
    with scope(Role.RESIDENT, persons=[raili.person]), pytest.raises(AlreadyBegun) as found:
        withdraw_request(request.pk, person=raili.person, by=resident(raili.person), at=timezone.now())
    # The page, which knows only that it is too late, shows it as it is.
    assert isinstance(found.value, AlreadyAnswered)
    assert raili.browser.post(f"/fi/rights/{request.pk}/take-back/").status_code == 302
    assert run(request).state == RequestState.WORKING
    assert "Poistaminen on alkanut" in raili.browser.get(f"/fi/rights/{request.pk}/").content.decode()


def test_a_silent_system_holds_nobody_up_and_is_tried_again(systems: dict[str, Department], resident_in: Enter) -> None:
    raili, systems["library"].silent = resident_in("raili"), True
    request = run(asked(raili.person))
    assert (parts(request), copies(raili.person)) == ({"library": "waiting", "sports": "done"}, set())
    with scope(Role.WORKER):
        assert Job.objects.filter(name="erasing.run", done_at=None).count() >= 1
    systems["library"].silent = False
    assert run(request, after=timedelta(minutes=2)).outcome == Outcome.PARTLY
    assert (parts(request)["library"], [each.effects for each in systems.values()]) == ("done", [1, 1])


def test_instead_of_a_system_that_stays_silent_its_keeper_is_asked(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, systems["library"].silent = resident_in("raili"), True
    request = run(asked(raili.person, LIBRARY))
    request = run(request, after=timedelta(days=14))
    assert (request.outcome, there(raili, request)) == (Outcome.PARTLY, {LIBRARY: "asked"})
    with scope(Role.WORKER):
        keeper = Request.objects.exclude(pk=request.pk).get()
    assert receipt(raili, request)[LIBRARY]["asked"] == keeper.number


def test_a_system_that_finds_nothing_of_what_was_read_from_it_is_not_believed(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    systems["library"].held.clear()
    copied(raili.person, "library-card")
    told = {slug: there(one, run(asked(one.person, LIBRARY))) for slug, one in (("raili", raili), ("otso", otso))}
    assert told == {"raili": {LIBRARY: "asked"}, "otso": {LIBRARY: "nothing"}}


def test_where_no_system_erases_the_keeper_is_asked(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(settings={"url": "http://127.0.0.1:9", "auth": "none"})
    request = run(asked(raili.person, LIBRARY))
    with scope(Role.WORKER):
        other = Request.objects.exclude(pk=request.pk).get()
    assert (other.state, other.department, other.register) == (RequestState.RECEIVED, "library", LIBRARY)
    assert receipt(raili, request)[LIBRARY]["asked"] == other.number


def test_what_was_done_stands_in_the_log_and_no_word_of_a_system_in_plain(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili, systems["sports"].refuses = resident_in("raili"), True
    copied(raili.person, "library-card")
    request = run(asked(raili.person, LIBRARY, BOATS))
    with scope(Role.WORKER):
        kinds = [entry.kind for entry in Entry.objects.filter(subject=raili.person).order_by("id")]
        row = Request.objects.filter(pk=request.pk).values().get()
        told = json.dumps([list(request.parts.values()), row], default=str)
    assert UNPAID["fi"] not in told
    assert kinds == [] or set(kinds) >= {"requests.made"}


def test_who_left_begins_anew_at_the_next_sign_in(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card")
    assert raili.browser.post("/fi/settings/leave/").headers["Location"] == "/fi/signed-out/"
    assert raili.browser.get("/fi/home/").status_code == 302
    with scope(Role.WORKER):
        request = Request.objects.get()
    run(request)
    assert (copies(raili.person), [each.effects for each in systems.values()]) == (set(), [0, 0])
    assert set(there(raili, request).values()) == {"left_alone"}
    copied(raili.person, "library-card")
    assert copies(raili.person) == set()
    _sign_in(raili)
    copied(raili.person, "library-card")
    with scope(Role.WORKER):
        assert NotCopied.objects.count() == 0
    assert copies(raili.person) == {"library-card"}


def _sign_in(one: Resident) -> None:
    signed_in.send(sender=None, person=one.person, at=timezone.now())


def test_whoever_was_let_to_have_the_data_hears_that_it_was_erased(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        consent = consents_of(raili.person).get(purpose__slug="reading-tips")
        give(consent.pk, shown=Shown(consent.text_id, "fi"), by=resident(raili.person), at=timezone.now())
    run(asked(raili.person, LIBRARY))
    with scope(Role.WORKER):
        told = Announcement.objects.filter(kind="data.erased", person_id=raili.person)
        assert [(each.department, "library-loans" in each.datasets) for each in told] == [(consent.recipient, True)]
