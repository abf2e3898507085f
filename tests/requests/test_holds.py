"""Legal holds: made by one, confirmed by another; while one holds nothing goes, and the person is told the law."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from portal.i18n.dates import day_text
from portal.ledger.actor import Actor, ActorKind, Right
from portal.requests.enums import Outcome
from portal.requests.erasing.errors import SamePerson
from portal.requests.erasing.holding import Held, confirm_hold, end_hold, end_old_holds, make_hold
from portal.requests.erasing.models import LegalHold
from portal.requests.erasing.queries import holds_in_force
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import BOATS, LIBRARY, Department, asked, copied, copies, departments, parts, planned, run
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
Enter = Callable[[str], Resident]
CLAIM = "Vahingonkorvauslaki 412/1974, 3 luku"


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


def officer(name: str) -> Actor:
    return Actor(ActorKind.STAFF, name, Right.OFFICE, role="dpo")


def hold(person: UUID | None = None, register: str = "", *, law: str = CLAIM, days: int = 30) -> LegalHold:
    until, now = timezone.localdate() + timedelta(days=days), timezone.now()
    with scope(Role.STAFF, persons=[person] if person else [], departments=["*"]):
        row = make_hold(Held("claim", law, "1234/2026", until, person, register), by=officer("one"), at=now)
        confirm_hold(row.pk, by=officer("two"), at=now)
    return row


@pytest.mark.security("B29")
def test_a_held_person_keeps_all_and_is_told_each_law_and_day(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card")
    laws = {hold(raili.person).law, hold(register=LIBRARY, law="Kirjanpitolaki 1336/1997, 2 luku 10 §", days=60).law}
    plan = planned(raili.person, LIBRARY)
    page = raili.browser.get(f"/en/rights/erase/{plan.pk}/").content.decode()
    days = [timezone.localdate() + timedelta(days=days) for days in (30, 60)]
    assert all(law in page for law in laws)
    with override("en"):
        assert all(day_text(day) in page for day in days)
    assert "1234/2026" not in page
    request = run(asked(raili.person))
    assert (request.outcome, copies(raili.person)) == (Outcome.REFUSED, {"library-card"})
    assert ([each.effects for each in systems.values()], parts(request)) == ([0, 0], {})
    receipt = raili.browser.get(f"/en/rights/{request.pk}/receipt/").content.decode()
    assert all(law in receipt for law in laws)


def test_a_held_register_keeps_its_own_and_the_rest_goes(systems: dict[str, Department], resident_in: Enter) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card", "boat-places")
    hold(register=LIBRARY)
    request = run(asked(raili.person, LIBRARY, BOATS))
    assert (request.outcome, copies(raili.person), parts(request)) == (
        Outcome.PARTLY, {"library-card"}, {"sports": "done"}
    )  # fmt: skip
    copied(raili.person, "library-card")
    assert copies(raili.person) == {"library-card"}


def test_a_hold_made_after_the_request_and_before_its_work_holds(
    systems: dict[str, Department], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    copied(raili.person, "library-card")
    request = asked(raili.person, LIBRARY)
    hold(raili.person)
    assert (run(request).outcome, copies(raili.person)) == (Outcome.REFUSED, {"library-card"})
    assert ([each.effects for each in systems.values()], parts(request)) == ([0, 0], {"library": "refused"})


def test_two_people_make_a_hold_and_one_alone_ends_by_itself(resident_in: Enter) -> None:
    raili, now = resident_in("raili"), timezone.now()
    until = timezone.localdate() + timedelta(days=90)
    with scope(Role.STAFF, persons=[raili.person], departments=["*"]):
        held = Held("claim", CLAIM, "1", until, raili.person)
        alone = make_hold(held, by=officer("one"), at=now)
        with pytest.raises(SamePerson):
            confirm_hold(alone.pk, by=officer("one"), at=now)
        later = now + timedelta(days=15)
        assert (holds_in_force(at=now).count(), holds_in_force(at=later).count()) == (1, 0)
        assert confirm_hold(alone.pk, by=officer("two"), at=now) is True
        assert holds_in_force(at=later).count() == 1
        assert holds_in_force(at=now + timedelta(days=91)).count() == 0
        assert (end_hold(alone.pk, by=officer("two"), at=now), holds_in_force(at=now).count()) == (True, 0)


def test_a_hold_whose_day_is_over_is_marked_as_ended(resident_in: Enter) -> None:
    row = hold(resident_in("raili").person)
    end_old_holds(at=timezone.now() + timedelta(days=29))
    with scope(Role.WORKER):
        assert LegalHold.objects.get(pk=row.pk).ended_at is None
    end_old_holds(at=timezone.now() + timedelta(days=31))
    with scope(Role.WORKER):
        assert LegalHold.objects.get(pk=row.pk).ended_by == "portal"


def test_the_database_takes_no_hold_confirmed_by_its_maker(resident_in: Enter) -> None:
    row = hold(resident_in("raili").person)
    with pytest.raises(IntegrityError), scope(Role.STAFF, departments=["*"]):
        LegalHold.objects.filter(pk=row.pk).update(confirmed_by="one")


def posted(browser: Client, **more: str) -> int:
    told = {"reason": "claim", "law": CLAIM, "case": "77/2026", "until": "2099-01-31"} | more
    return browser.post("/admin/erasing/legalhold/add/", told).status_code


def test_the_officer_makes_one_and_a_colleague_confirms_it(hire: Hire, resident_in: Enter) -> None:
    raili, one, two = resident_in("raili"), hire("dpo", "*"), hire("dpo", "*")
    assert posted(one, identity_code=CODES["raili"]) == 302
    with scope(Role.WORKER):
        row = LegalHold.objects.get()
    assert (row.person_id, row.confirmed_at) == (raili.person, None)
    address = f"/admin/erasing/legalhold/{row.pk}/change/"
    pages = [browser.get(address).content.decode() for browser in (one, two)]
    assert ["Confirm the hold" in page for page in pages] == [False, True]
    assert not any(CODES["raili"] in page or str(raili.person) in page for page in pages)
    for browser in (one, two):
        assert browser.post(address, {"do": "confirm"}).status_code == 302
    with scope(Role.WORKER):
        row.refresh_from_db()
        assert row.confirmed_by not in {"", row.made_by}
    assert two.post(address, {"do": "end"}).status_code == 302
    with scope(Role.WORKER):
        row.refresh_from_db()
        assert row.ended_at is not None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"identity_code": CODES["raili"], "register": LIBRARY},
        {"identity_code": "010101-0000"},
        {"identity_code": CODES["otso"]},
        {"register": LIBRARY, "until": "2020-01-01"},
        {"register": LIBRARY, "case": "Raili Testi <script>"},
    ],
)
def test_half_a_hold_is_none_and_no_code_is_sent_back(more: dict[str, str], hire: Hire, resident_in: Enter) -> None:
    resident_in("raili")
    browser = hire("dpo", "*")
    told = {"reason": "claim", "law": CLAIM, "case": "77/2026", "until": "2099-01-31"} | more
    answer = browser.post("/admin/erasing/legalhold/add/", told)
    assert (answer.status_code, re.findall(r"\d{6}[-A]\d{3}\w", answer.content.decode())) == (422, [])


@pytest.mark.parametrize(("group", "sees"), [("keeper", 403), ("auditor", 200), ("desk", 403)])
def test_nobody_else_makes_one(group: str, sees: int, hire: Hire, city: None) -> None:
    row, browser = hold(register=LIBRARY), hire(group, "*")
    assert (posted(browser, register=LIBRARY), browser.get("/admin/erasing/legalhold/").status_code) == (403, sees)
    browser.post(f"/admin/erasing/legalhold/{row.pk}/change/", {"do": "end"})
    with scope(Role.WORKER):
        assert LegalHold.objects.filter(ended_at=None).count() == 1
