"""Departments get what a resident accepted, only by a permission, and always marked as brought."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.api.disclosures import body_of_parts
from consents.disclosing import Part, disclosing
from consents.enums import ConsentState
from consents.models import Consent
from datasources.transfers.models import WithdrawnKey
from datasources.wearables.actions.removing import forget_all as forget_watch
from datasources.wearables.models import Choice
from portal.keys.models import KeyScope
from portal.keys.person_keys import key_begun
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.people.subjects import by_code, lookups_of
from portal.requests.erasing.copies import forget_copies
from portal.requests.package.own_rows import rows_inside
from portal.walls import Role, scope
from tests.arriving.bringing_packages import WORKER, YEARS, brought, items, made, page, say, school, told
from tests.residents import CODES, Resident
from tests.transfers.made import CITY, KEY
from tests.wearables.bringing import allow

Enter = Callable[[str], Resident]
PURPOSE, DATASET = "earlier-school", "brought-school-enrolment"
SCHOOL = Actor(ActorKind.CLIENT, "client-1", Right.CLIENT, unit="basic-education")


@pytest.fixture
def accepted(raili: Resident) -> Resident:
    """She took her school years in."""
    first, _ = brought(raili)
    say(raili, first.pk, "accept")
    return raili


def disclosed(slug: str = "raili") -> Part:
    """What the school's system gets, as the API gives it."""
    who = by_code("basic-education", CODES[slug])
    with scope(Role.API, lookups=lookups_of([who])):
        given = disclosing(PURPOSE, [DATASET], who, case="", by=SCHOOL, at=timezone.now())()
    return given.parts[0]


def kept(one: Resident) -> str:
    return str(next(row.pk for row in items(one.person) if row.state == "accepted"))


def test_nothing_is_given_without_a_yes(accepted: Resident) -> None:
    part = disclosed()
    assert (part.allowed, list(part.records), part.origins) == (False, [], ())


def test_what_is_given_is_marked_with_issuer_date_and_signature(accepted: Resident) -> None:
    allow(accepted, PURPOSE, optional=(f"{DATASET}.starts_on",))
    part = disclosed()
    assert [str(row["starts_on"]) for row in part.records] == [str(row["starts_on"]) for row in YEARS]
    assert [row["school"] for row in part.records] == [row["school"] for row in YEARS]
    [mark] = part.origins
    assert (mark.issuer, mark.issuer_name["en"], mark.signature, mark.records) == (CITY, "Turku en", "good", 2)
    assert b'"brought_by_resident":[{"issuer":"turku"' in body_of_parts([part])


def test_a_key_withdrawn_later_is_told_to_departments(accepted: Resident) -> None:
    allow(accepted, PURPOSE)
    with scope(Role.STAFF, departments=["*"]):
        WithdrawnKey.objects.create(
            city=CITY, kid=str(KEY.kid), withdrawn_at=timezone.now(), reason="test", written_at=timezone.now()
        )  # fmt: skip
    assert disclosed().origins[0].signature == "key_withdrawn"


def test_the_newest_package_of_a_city_is_what_is_handed_over(accepted: Resident) -> None:
    allow(accepted, PURPOSE)
    newer = [{"school": "Kärsämäen koulu", "class": "7C", "starts_on": "2026-08-06"}]
    brought(accepted, made(school(newer), issued=timezone.now() - timedelta(minutes=1)))
    say(accepted, items(accepted.person)[-1].pk, "accept")
    assert [row["class"] for row in disclosed().records] == ["7C"]


def test_the_page_of_an_item_leads_to_the_question_with_its_values(accepted: Resident) -> None:
    pk = kept(accepted)
    assert "Records from an earlier school" in page(accepted, f"kept/{pk}/")
    asked = accepted.browser.post(f"/en/move/arrive/kept/{pk}/ask/{PURPOSE}/")
    question = accepted.browser.get(asked.headers["Location"]).content.decode()
    assert "Kärsämäen koulu" in question
    assert "Brought from another city: Turku en" in question


@pytest.mark.parametrize("purpose", ["no-such-purpose", "swimming-reminders"])
def test_what_asks_for_none_of_it_is_not_asked(purpose: str, accepted: Resident) -> None:
    assert accepted.browser.post(f"/en/move/arrive/kept/{kept(accepted)}/ask/{purpose}/").status_code == 404
    with scope(Role.RESIDENT, persons=[accepted.person]):
        assert not Consent.objects.filter(person_id=accepted.person, purpose__slug=purpose, state="pending").exists()


def test_a_removed_item_ends_the_permission_that_was_about_it(accepted: Resident) -> None:
    consent = allow(accepted, PURPOSE)
    pk = kept(accepted)
    assert "Records from an earlier school" in page(accepted, f"kept/{pk}/remove/")
    accepted.browser.post(f"/en/move/arrive/kept/{pk}/remove/")
    with scope(Role.WORKER):
        assert Consent.objects.get(pk=consent.pk).state == ConsentState.WITHDRAWN
    assert disclosed().records == ()


def test_a_permission_that_is_about_something_else_too_goes_on(accepted: Resident) -> None:
    consent = allow(accepted, PURPOSE)
    brought(accepted, made(school(), issued=timezone.now() - timedelta(minutes=1)))
    say(accepted, items(accepted.person)[-1].pk, "accept")
    pk = kept(accepted)
    accepted.browser.post(f"/en/move/arrive/kept/{pk}/remove/")
    with scope(Role.WORKER):
        assert Consent.objects.get(pk=consent.pk).state == ConsentState.GIVEN


def test_removing_a_watchs_data_leaves_what_came_from_another_city(accepted: Resident) -> None:
    by, now = resident(accepted.person), timezone.now()
    with scope(Role.RESIDENT, persons=[accepted.person]):
        Choice.objects.create(person_id=accepted.person, changed_at=now)
        old = key_begun(accepted.person, KeyScope.BROUGHT)
        forget_watch(accepted.person, by=by, at=now)
        assert key_begun(accepted.person, KeyScope.BROUGHT) != old
    assert "Kärsämäen koulu" in page(accepted, f"kept/{kept(accepted)}/")


def test_erasing_everything_takes_it_with_its_key(accepted: Resident) -> None:
    with scope(Role.WORKER):
        forget_copies(accepted.person, [], by=WORKER, at=timezone.now())
    assert items(accepted.person) == []
    assert told(accepted.person)[-1] == "removed"


def test_the_copy_of_everything_holds_it(accepted: Resident) -> None:
    with scope(Role.RESIDENT, persons=[accepted.person]):
        tables = {table.label: table.rows for table in rows_inside(accepted.person)}
    assert YEARS in [row["body"]["rows"] for row in tables["transfers.Item"]]
    assert tables["transfers.Arrival"][0]["report"]["city"] == CITY
