"""What two accounts held is read by the one person whose both were, and by nobody else; and what is not joined."""

import html
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consents.models import Receipt
from datasources.wearables.queries.figures import held_by
from demo.watches import EXPORTS, days
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.notices.actions.choosing import choose
from portal.notices.enums import Way
from portal.notices.queries import Choice
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.behalf.sessions import begin_earlier
from portal.people.models import Person
from portal.requests.breach_models import Breach, BreachTold
from portal.requests.breaches import tell_of_breach
from portal.requests.life.closing import close_account
from portal.requests.life.enums import LifeKind
from portal.requests.life.errors import AlreadyClosed, AnotherPerson, ErasureRuns, NotTwo
from portal.requests.life.joining import join_accounts
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, tell_change
from portal.requests.models import Evidence, Request
from portal.walls import Role, scope
from tests.acting import answer, question_of
from tests.datasources.conftest import city as connected
from tests.datasources.conftest import running_departments
from tests.pages.conftest import city, resident_in
from tests.requests.accounts import BY, Two, back, joined, session_of, two
from tests.requests.erasures import asked, departments, planned, run
from tests.requests.lives import CASE, Officer, row_of
from tests.requests.queue import OWN, asks
from tests.requests.taking import asks as asks_everything
from tests.requests.taking import is_made, read, taken
from tests.requests.test_correcting import CARD, PAGE, TOLD
from tests.requests.test_evidence import PNG
from tests.requests.test_holds import hold
from tests.requests.test_new_code import NEW
from tests.residents import CODES, Resident, enter
from tests.sheets import put_sheet
from tests.staffing import Hire, hire
from tests.walls.test_rows import PERSONAL
from tests.wearables.bringing import allow, bring, days_ago, read_all

__all__ = ["city", "connected", "hire", "resident_in", "running_departments", "two"]
# Of the account that goes these are made anew for the one that stays, end with its copies, or are told anew.
NOT_ROW_BY_ROW = {
    "Sheet",
    "Package",
    "Piece",
    "Asking",
    "ActingRight",
    "Figures",
    "DayBooks",
    "KeptRoute",
    "NotCopied",
    "Choice",
    "Errand",
}


def page(one: Resident, path: str) -> str:
    return html.unescape(one.browser.get(f"/en/{path}").content.decode())


def rows_of(*people: Any) -> dict[str, set[object]]:
    """{model: ids} of whatever is theirs, as they see it themselves."""
    with scope(Role.RESIDENT, persons=people):
        return {
            model.__name__: set(model._default_manager.filter(**{f"{column}__in": people}).values_list("pk", flat=True))
            for model, column in PERSONAL
        }


def lived_in(one: Resident) -> Request:
    """A row in nearly every table: questions, a correction with a file, a watch, permissions, a hold, an erasure."""
    answer(one, question_of(one.person), "yes")
    put_sheet(one.person, "library-card", [CARD], at=timezone.now())
    asks(one, "Kuka näkee varaukseni?")
    one.browser.post(PAGE, TOLD | {"evidence": SimpleUploadedFile("kortti.png", PNG, content_type="image/png")})
    one.browser.post("/en/rights/limit/", {"what": "register:sports-customers", "ground": "unlawful"})
    with scope(Role.RESIDENT, persons=[one.person]):
        choose(one.person, Choice(Way.EMAIL, language="fi"), by=resident(one.person), at=timezone.now())
    allow(one)
    bring(one, EXPORTS["gpx"](days(days_ago(8), 7)), routes=True)
    read_all(one)
    hold(one.person)
    planned(one.person)
    with scope(Role.WORKER):
        return Request.objects.get(person_id=one.person, kind="correct")


def brought(one: Resident) -> dict[tuple[date, str], float]:
    with scope(Role.RESIDENT, persons=[one.person]):
        return {(each.day, each.measure.value): each.value for each in held_by(one.person).figures}


def test_nothing_that_was_there_is_lost(two: Two) -> None:
    stays, goes = two
    correction = lived_in(goes)
    before = rows_of(goes.person)
    assert {name for name, ids in before.items() if ids} >= {
        *("Person", "PersonKey", "Sheet", "Consent", "ConsentEvent", "Restriction", "Receipt", "Request", "Correction"),
        *("Evidence", "Plan", "LegalHold", "Notice", "LetterChoice", "Import", "Figures", "DayBooks"),
        "KeptRoute",
    }
    joined(two)
    after = rows_of(stays.person, goes.person)
    lost = {name: before[name] - after[name] for name in before if name not in NOT_ROW_BY_ROW | {"LetterChoice"}}
    assert {name: ids for name, ids in lost.items() if ids} == {}
    again = back(stays)
    told = page(again, f"rights/{correction.pk}/")
    assert ["new@example.invalid" in told, "I moved to it in May." in told, "kortti.png" in told] == [True] * 3
    assert page(again, "rights/").count("Kuka näkee") == 0
    with scope(Role.RESIDENT, persons=[stays.person]):
        assert Evidence.objects.get().person_id == stays.person
        assert len({each.day for each in held_by(stays.person).figures}) == 1


def test_days_of_a_watch_that_both_accounts_hold_count_once(two: Two) -> None:
    stays, goes = two
    before = []
    for one, runs in ((stays, [8]), (goes, [8, 5])):
        allow(one)
        for each in runs:
            bring(one, EXPORTS["gpx"](days(days_ago(each), 1)))
            read_all(one)
        before.append(brought(one))
    joined(two)
    # What both hold is the same run, and is not twice as long.
    assert (len(before[0]) < len(before[1]), brought(stays)) == (True, before[0] | before[1])


# ---- read from before -----------------------------------------------------------------------------------------------
def test_the_log_and_permissions_of_before_are_read_and_changed_by_nothing(two: Two) -> None:
    stays, goes = two
    answer(goes, question_of(goes.person), "yes")
    Officer("auditor").confirms(told(two), stays.person, NEW)
    again = back(stays)
    assert ["kept apart" in page(again, path) for path in ("usage/", "permissions/")] == [True, True]
    assert again.browser.post("/en/people/earlier/", {"account": str(goes.person)}).headers["Location"] == "/en/usage/"
    log = page(again, "usage/")
    assert ("before your accounts were joined" in log, "joined to your other account" in log) == (True, True)
    with scope(Role.WORKER):
        receipts = list(Receipt.objects.filter(person_id=goes.person).values_list("pk", flat=True))
    shown = [f"permissions/{question_of(goes.person).pk}/", *(f"receipts/{pk}/" for pk in receipts)]
    assert (len(shown) > 1, {again.browser.get(f"/en/{path}").status_code for path in shown}) == (True, {200})
    with scope(Role.WORKER):
        given = Entry.objects.filter(subject=goes.person, kind="consents.given").first()
    assert given is not None
    assert again.browser.post(f"/en/usage/{given.id}/ask/", {"said": "Kuka?"}).status_code == 302
    with scope(Role.WORKER):
        question = Request.objects.get(entry_id=given.id)
    assert question.person_id == stays.person
    assert question.number in page(again, f"usage/{given.id}/")
    refused = again.browser.post("/en/rights/ask/", {"whom": "sports", "said": "Ei tästä"})
    # As with every refusal one is back in one's own matters.
    assert (refused.status_code, "before your accounts were joined" in page(again, "usage/")) == (404, False)


def test_back_to_the_records_of_today(two: Two) -> None:
    stays, goes = two
    joined(two)
    again = back(stays)
    again.browser.post("/en/people/earlier/", {"account": str(goes.person)})
    again.browser.post("/en/people/own/")
    assert "before your accounts were joined" not in page(again, "usage/")


def test_nobody_else_reads_them(two: Two) -> None:
    stays, goes = two
    otso = enter("otso")
    joined(two)
    assert otso.browser.post("/en/people/earlier/", {"account": str(goes.person)}).status_code == 404
    # Nor an account that is not an earlier one of theirs, whatever stands in the session.
    with scope(Role.RESIDENT, persons=[otso.person]):
        assert not Person.objects.filter(pk=goes.person).exists()
    with scope(Role.RESIDENT, persons=[stays.person]):
        assert not Entry.objects.filter(subject=goes.person).exists()
    again = back(stays)
    assert again.browser.post("/en/people/earlier/", {"account": str(otso.person)}).status_code == 404
    with session_of(again) as request:
        begin_earlier(request, otso.person)
    assert again.browser.get("/en/usage/").status_code == 404


def test_a_third_account_leads_to_the_last_too(two: Two) -> None:
    stays, goes = two
    joined(two)
    third = find_or_make(Arrival(CODES["otso"], Names("Testi", "Kolmas")), at=timezone.now())
    join_accounts(third.pk, NEW, reference=CASE, by=BY, at=timezone.now())
    with scope(Role.WORKER):
        then = set(Person.objects.filter(continues_as=third).values_list("pk", flat=True))
    assert then == {stays.person, goes.person}


def test_of_a_breach_before_the_person_hears_where_they_are_now(two: Two) -> None:
    stays, _ = two
    joined(two)
    now = timezone.now()
    words = dict.fromkeys(("nature", "consequences", "measures", "told_fi", "told_sv", "told_en"), "x")
    with scope(Role.STAFF, departments=["*"]):
        row = Breach.objects.create(
            from_at=now.replace(year=now.year - 1),
            until_at=now.replace(year=now.year + 1),
            known_at=now,
            drafted_by="one",
            drafted_at=now,
            confirmed_by="two",
            confirmed_at=now,
            **words,
        )
    with scope(Role.WORKER):
        while tell_of_breach(row.pk, by=BY, at=now):
            pass
        assert set(BreachTold.objects.values_list("person_id", flat=True)) <= {stays.person}


# ---- told by two ----------------------------------------------------------------------------------------------------
def told(two: Two, *, staff: Officer | None = None) -> Any:
    happening = Happening(LifeKind.JOIN, two[0].person, CASE, NEW)
    officer = staff or Officer()
    return tell_change(happening, staff=officer.user, by=officer.by, at=timezone.now())


def test_one_officer_tells_and_another_confirms_with_both_codes(two: Two) -> None:
    change = told(two)
    assert row_of(two[1].person).closed_at is None
    with pytest.raises(AnotherPerson):
        Officer("auditor").confirms(change, two[0].person, CODES["otso"])
    Officer("keeper-library").confirms(change, two[0].person, NEW)
    assert row_of(two[1].person).continues_as_id == two[0].person


def test_an_erasure_that_has_begun_is_waited_for(two: Two) -> None:
    change = told(two)
    with departments() as running:
        running["library"].silent = True
        run(asked(two[1].person))
        with pytest.raises(ErasureRuns):
            Officer("auditor").confirms(change, two[0].person, NEW)
    assert row_of(two[1].person).closed_at is None


def test_who_is_closed_is_joined_to_nobody_and_one_is_not_two(two: Two) -> None:
    with pytest.raises(NotTwo):
        tell_change(
            Happening(LifeKind.JOIN, two[0].person, CASE, CODES["amira"]),
            staff=(one := Officer()).user,
            by=one.by,
            at=timezone.now(),
        )
    change = told(two, staff=Officer("auditor"))
    close_account(two[1].person, by=BY, at=timezone.now())
    with pytest.raises(AlreadyClosed):
        Officer("keeper-library").confirms(change, two[0].person, NEW)


def test_a_copy_of_everything_holds_what_is_read_from_before(two: Two) -> None:
    stays, goes = two
    answer(goes, question_of(goes.person), "yes")
    joined(two)
    again = back(stays)
    asked_for = asks_everything(again)
    is_made(asked_for)
    package = taken(again, asked_for)
    rows = {table["table"]: table["rows"] for table in read(package, "earlier-1/portal/rows.json")["tables"]}
    kinds = {row["columns"]["kind"] for row in read(package, "earlier-1/log/log.json")["rows"]}
    assert ("consents.Consent" in rows, {"life.continued", "consents.given"} <= kinds) == (True, True)
    assert any(name.startswith("receipts/") for name in package.namelist())
    assert "earlier-1/log/log.html" in package.read("index.html").decode()


def test_the_officers_do_it_in_the_back_office(two: Two, hire: Hire) -> None:
    one, other = (hire("dpo", "*", code=OWN[slug]) for slug in ("dpo", "keeper-library"))
    sent = {"kind": "join", "identity_code": CODES["amira"], "new_code": NEW, "case": CASE}
    assert one.post("/admin/life/lifechange/add/", sent).status_code == 302
    with scope(Role.WORKER):
        path = f"/admin/life/lifechange/{LifeChange.objects.get().pk}/change/"
    shown = html.unescape(other.get(path).content.decode())
    assert ("The account of the first code stays" in shown, NEW in shown) == (True, False)
    answered = other.post(path, {"do": "confirm", "identity_code": CODES["amira"], "new_code": NEW})
    assert (answered.status_code, row_of(two[1].person).continues_as_id) == (302, two[0].person)
