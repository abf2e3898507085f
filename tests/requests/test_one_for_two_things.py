"""Whose the things are that stood in an account of two people: as the officer who told it says."""

import html
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consents.models import Consent, Restriction
from consents.usecases.queries.sealed import said_in
from consents.usecases.words import Support, Word
from datasources.transfers.models import Arrival
from datasources.transfers.package.shape import PersonDigest
from datasources.wearables.models import DayBooks
from portal.ledger.models import Entry
from portal.notices.enums import NoticeKind
from portal.notices.models import Notice
from portal.people.queries import accounts_before, found_by
from portal.requests.breach_models import Breach
from portal.requests.breaches import tell_of_breach
from portal.requests.enums import OPEN_STATES
from portal.requests.life.enums import LifeKind
from portal.requests.life.errors import NotDecided
from portal.requests.life.joining import join_accounts
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, confirm_change, say_whose, tell_change
from portal.requests.life.things import things_of
from portal.requests.models import Request
from portal.requests.queries import words_of
from portal.walls import Role, scope
from tests.acting import answer, question_of
from tests.arriving.bringing_packages import taken_in
from tests.datasources.conftest import city as connected
from tests.datasources.conftest import running_departments
from tests.pages.conftest import city, resident_in
from tests.requests.accounts import BY
from tests.requests.lives import CASE, Officer
from tests.requests.parted import shared, split, told
from tests.requests.queue import OWN, asks
from tests.requests.test_new_code import NEW
from tests.requests.test_two_accounts_read import lived_in, page
from tests.residents import CODES, Resident, enter
from tests.staffing import Hire, hire
from tests.usecases.talking import CASE as CASE_PAGE
from tests.usecases.talking import comments, form

__all__ = ["city", "connected", "hire", "resident_in", "running_departments", "shared"]


def _filled(shared: Resident) -> dict[str, Request]:
    """A question and a correction with a file, and days of a watch."""
    lived_in(shared)
    with scope(Role.WORKER):
        return {row.kind: row for row in Request.objects.filter(person_id=shared.person)}


def test_things_go_with_whom_the_officer_says_and_by_default_with_who_kept_the_code(shared: Resident) -> None:
    requests = _filled(shared)
    keys = {thing.key for thing in things_of(shared.person)}
    assert {f"request:{row.pk}" for row in requests.values()} | {"watch:"} == keys
    said = {f"request:{requests['correct'].pk}": "second", f"request:{requests['restrict'].pk}": "neither"}
    first, second = split(shared, said | {"watch:": "second"})
    with scope(Role.WORKER):
        whose = dict(Request.objects.values_list("kind", "person_id"))
        assert set(DayBooks.objects.values_list("person_id", flat=True)) == {second}
    assert (whose["ask"], whose["correct"], whose["restrict"]) == (first, second, shared.person)
    other = enter("uusi", code=NEW)
    shown = page(other, f"rights/{requests['correct'].pk}/")
    assert ["new@example.invalid" in shown, "kortti.png" in shown] == [True, True]
    kept = enter("amira-again", code=CODES["amira"])
    assert page(kept, f"rights/{requests['ask'].pk}/").count("Kuka näkee") > 0
    # Nothing of one is shown to the other.
    assert kept.browser.get(f"/en/rights/{requests['correct'].pk}/").status_code == 404
    for one, its in (("correct", first), ("ask", second), ("restrict", first), ("restrict", second)):
        with scope(Role.RESIDENT, persons=[its]):
            assert not Request.objects.filter(pk=requests[one].pk).exists()


def test_what_is_asked_by_neither_is_closed_and_both_are_told_no_more_than_that(shared: Resident) -> None:
    asked, kept = asks(shared, "Kuka näkee varaukseni?"), asks(shared, "Miten haen paikkaa?")
    first, second = split(shared, {f"request:{asked.pk}": "neither"})
    with scope(Role.WORKER, persons=[shared.person]):
        row = Request.objects.get(pk=asked.pk)
        told = Entry.objects.filter(kind="life.unknown_asker").values_list("subject", "counts", "reference")
        assert {person: (counts, case) for person, counts, case in told} == dict.fromkeys((first, second), ({}, CASE))
        # Nothing is left in a queue that nobody is answered from.
        assert not Request.objects.filter(person_id=shared.person, state__in=OPEN_STATES).exists()
        assert Request.objects.get(pk=kept.pk).state == "received"
        assert words_of(row)[1].startswith("Emme saaneet selville")
    assert (row.state, row.outcome, row.ground) == ("answered", "refused", "unidentified")
    other = enter("uusi", code=NEW).browser
    assert "You have an account of your own now." in other.get("/en/home/").content.decode()
    told_in_log = html.unescape(other.get("/en/usage/").content.decode())
    assert "If you wait for an answer, ask again." in told_in_log
    assert asked.number not in told_in_log


def test_only_who_told_says_whose_and_only_of_what_is_there(shared: Resident) -> None:
    asks(shared, "Kuka näkee varaukseni?")
    officer, now = Officer(), timezone.now()
    change = told(shared, officer)
    [thing] = things_of(shared.person)
    with pytest.raises(NotDecided):
        say_whose(change.pk, {thing.key: "second"}, by=Officer("auditor").by, at=now)
    for said in ({"request:x": "second"}, {thing.key: "everyone"}):
        with pytest.raises(NotDecided):
            say_whose(change.pk, said, by=officer.by, at=now)
    say_whose(change.pk, {thing.key: "second"}, by=officer.by, at=now)
    with scope(Role.WORKER):
        assert LifeChange.objects.get().goes == {thing.key: "second"}


def test_the_officers_do_it_in_the_back_office(shared: Resident, hire: Hire) -> None:
    asks(shared, "Kuka näkee varaukseni?")
    [thing] = things_of(shared.person)
    one, other = (hire("dpo", "*", code=OWN[slug]) for slug in ("dpo", "keeper-library"))
    sent: dict[str, Any] = {"kind": "split", "identity_code": CODES["amira"], "new_code": NEW, "case": CASE}
    path = one.post("/admin/life/lifechange/add/", sent).headers["Location"]
    shown = one.get(path).content.decode()
    assert (thing.key in shown, thing.number in shown, "Kuka näkee" in shown, NEW in shown) == (
        True,
        True,
        False,
        False,
    )
    assert one.post(path, {"do": "whose", thing.key: "second"}).status_code == 302
    assert "person of the second code" in other.get(path).content.decode()
    codes = {"do": "confirm", "identity_code": CODES["amira"], "new_code": NEW}
    # Nobody passes the question of a breach over.
    assert (other.post(path, codes).status_code, found_by(NEW)) == (422, None)
    assert other.post(path, codes | {"seen": "yes"}).status_code == 302
    with scope(Role.WORKER):
        assert Request.objects.get().person_id == found_by(NEW)
    assert "72 hours" in other.get(path).content.decode()
    _told_of_the_breach(shared, one, other, path)


def _told_of_the_breach(shared: Resident, one: Client, other: Client, path: str) -> None:
    """It is about that account only, and both hear of it where they are now; who drafted it does not confirm it."""
    otso, now = enter("otso"), timezone.localtime()
    times = {"from_at": now - timedelta(days=9), "until_at": now + timedelta(hours=1), "known_at": now}
    words = dict.fromkeys(("nature", "consequences", "measures", "told_fi", "told_sv", "told_en"), "x")
    sent = {name: f"{at:%Y-%m-%d %H:%M:%S}" for name, at in times.items()} | words
    page = one.post(f"/admin/requests/breach/add/?change={path.split('/')[-3]}", sent).headers["Location"]
    assert '<dd id="people">1</dd>' in other.get(page).content.decode()
    assert other.post(page).status_code == 302
    with scope(Role.WORKER):
        [breach] = Breach.objects.all()
        while tell_of_breach(breach.pk, by=BY, at=timezone.now()):
            pass
        told = set(Notice.objects.filter(kind=NoticeKind.BREACH).values_list("person_id", flat=True))
        assert Breach.objects.get().all_told_at is not None
    assert (told, otso.person in told) == ({found_by(CODES["amira"]), found_by(NEW)}, False)
    assert shared.person == breach.account


def test_words_and_packages_go_where_the_officer_says_and_open_there(shared: Resident, tmp_path: Path) -> None:
    item = taken_in(shared, "amira", tmp_path, person=PersonDigest.of(CODES["amira"]))
    assert comments(shared).status_code == 302
    assert shared.browser.post(f"/en/use-cases/{CASE_PAGE}/take-part/", {"do": "support"}).status_code == 302
    things = {thing.key for thing in things_of(shared.person)}
    assert {key.partition(":")[0] for key in things} == {"word", "package"}
    first, second = split(shared, dict.fromkeys(things, "second"))
    other = enter("uusi", code=NEW)
    page = other.browser.get(f"/en/move/arrive/kept/{item.pk}/")
    assert (page.status_code, "Turku" in page.content.decode()) == (200, True)
    with scope(Role.RESIDENT, persons=[second]):
        said = said_in(Word.objects.get())
        assert (said is not None and said.text, Arrival.objects.get().person_id) == (form()["text"], second)
    with scope(Role.WORKER):
        assert Support.objects.get().person_id == first


def test_what_is_given_to_neither_is_gone(shared: Resident) -> None:
    assert comments(shared).status_code == 302
    [thing] = things_of(shared.person)
    first, second = split(shared, {thing.key: "neither"})
    with scope(Role.WORKER):
        assert not Word.objects.filter(person_id__in=[first, second]).exists()


def test_the_second_goes_on_in_the_account_that_they_have(shared: Resident) -> None:
    other = enter("uusi", code=NEW)
    assert answer(other, question_of(other.person), "yes").status_code == 302
    assert answer(shared, question_of(shared.person), "no").status_code == 302
    asks(shared, "Kuka näkee varaukseni?")
    for one in (other, shared):
        assert one.browser.post(f"/en/use-cases/{CASE_PAGE}/take-part/", {"do": "support"}).status_code == 302
    [thing] = things_of(shared.person)
    first, second = split(shared, {thing.key: "second"})
    assert (second, first != second) == (other.person, True)
    with scope(Role.WORKER):
        assert Request.objects.get().person_id == second
        assert set(Support.objects.values_list("person_id", flat=True)) == {first, second}
        # Whichever of the two said it, what was on in the second's own account ends by the later no.
        states = dict(Consent.objects.filter(purpose__slug="swimming-reminders").values_list("person_id", "state"))
    assert states == {shared.person: "refused", first: "refused", second: "withdrawn"}
    assert "Kuka näkee" in page(other, f"rights/{thing.key.partition(':')[2]}/")


@pytest.mark.parametrize("said", ["", "second"])
def test_an_account_that_was_joined_is_read_by_nobody_unless_it_is_said_whose_it_is(
    said: str, shared: Resident
) -> None:
    goes = enter("uusi", code=NEW)
    join_accounts(shared.person, NEW, reference=CASE, by=BY, at=timezone.now())
    # The account is found by the code that held from then on: hers, who is the first now.
    assert found_by(NEW) == shared.person
    officer, now = Officer(), timezone.now()
    happening = Happening(LifeKind.SPLIT, shared.person, CASE, CODES["amira"])
    change = tell_change(happening, staff=officer.user, by=officer.by, at=now)
    say_whose(change.pk, {f"earlier:{goes.person}": said} if said else {}, by=officer.by, at=now)
    told = {"person": shared.person, "new_code": CODES["amira"], "seen": "no"}
    other = Officer("auditor")
    confirm_change(change.pk, staff=other.user, by=other.by, at=now, **told)  # type: ignore[arg-type]
    first, second = found_by(NEW), found_by(CODES["amira"])
    assert first is not None
    assert second is not None
    assert {person: accounts_before(person) for person in (first, second)} == {
        first: [],
        second: [goes.person] if said else [],
    }


def test_a_restriction_stays_tied_to_its_request_and_holds_for_the_other_too(shared: Resident) -> None:
    shared.browser.post("/en/rights/limit/", {"what": "register:sports-customers", "ground": "unlawful"})
    [thing] = things_of(shared.person)
    first, second = split(shared, {thing.key: "second"})
    with scope(Role.WORKER):
        request = Request.objects.get(person_id=second)
        tied = {row.person_id: row.request == request.pk for row in Restriction.objects.filter(lifted_at=None)}
    assert tied == {first: False, second: True}
