"""One account that held two people: shut when it is told; then each has an account, and nothing of the other's."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from consents.actions.answering import give, withdraw
from consents.actions.traces import Shown
from consents.enums import ConsentState
from consents.models import Consent, Restriction
from datasources.models import NotCopied
from portal.jobs.models import Job
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.notices.enums import NoticeKind
from portal.notices.models import Notice
from portal.notices.queries import turns_of
from portal.people.models import PairwiseSubject, Person
from portal.people.queries import found_by
from portal.people.refusals import SignInRefused
from portal.people.subjects import by_code, subjects_of
from portal.requests.erasing.models import LegalHold
from portal.requests.life.closing import remove_what_was_held
from portal.requests.life.enums import LifeKind
from portal.requests.life.errors import AlreadyClosed, AnotherPerson, NotConfirmed, NotTwo, SameTeller
from portal.requests.life.telling import Happening, confirm_change, drop_change, tell_change
from portal.requests.life.waiting import mind_shut, write_of_shut
from portal.walls import Role, scope
from tests.acting import answer, question_of
from tests.datasources.conftest import city as connected
from tests.datasources.conftest import running_departments
from tests.pages.conftest import city, resident_in
from tests.requests.accounts import BY
from tests.requests.erasures import LIBRARY, asked, copied, copies, departments, run
from tests.requests.lives import CASE, Officer, row_of
from tests.requests.parted import confirmed, shared, split, told
from tests.requests.queue import OWN
from tests.requests.test_holds import hold
from tests.requests.test_new_code import NEW, arrives
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire
from tests.walls.test_rows import PERSONAL

__all__ = ["city", "connected", "hire", "resident_in", "running_departments", "shared"]
# What becomes of the rows of the account that two shared: theirs who they are said to be, both's, or nobody's.
HANDED = {
    *("Request", "Part", "Correction", "Evidence", "PartFile", "Proposal", "Leaving", "HandOver", "Plan"),
    *("PairwiseSubject", "Import", "Figures", "DayBooks", "KeptRoute", "Choice", "Tie", "Arrival", "Item", "Word"),
    *("Support", "Follow", "Report", "ActingRight"),
}
BOTHS = {"Restriction", "LegalHold", "NotCopied"}
STAYS = {
    *("Person", "PersonKey", "Entry", "Consent", "ConsentEvent", "Receipt", "Announcement", "Telling", "Notice"),
    *("Letter", "LetterChoice", "BreachTold", "Erased", "LifeChange"),
}
ENDS = {"Sheet", "Asking", "Package", "Piece", "Errand"}
PURPOSE = "swimming-reminders"


def kinds(person: UUID) -> set[str]:
    with scope(Role.WORKER):
        return set(Entry.objects.filter(subject=person).values_list("kind", flat=True))


def state_of(person: UUID) -> str | None:
    with scope(Role.WORKER):
        return Consent.objects.filter(person_id=person, purpose__slug=PURPOSE).values_list("state", flat=True).first()


def test_of_every_table_it_is_decided_whose_its_rows_are() -> None:
    """A new table of people is thought of in `split_account`, and named here."""
    assert {model.__name__ for model, _ in PERSONAL} == HANDED | BOTHS | STAYS | ENDS


# ---- from the moment it is told --------------------------------------------------------------------------------------
def test_it_is_shut_when_it_is_told_and_nothing_of_it_is_used(shared: Resident) -> None:
    answer(shared, question_of(shared.person), "yes")
    told(shared)
    assert shared.browser.get("/en/home/").headers["Location"].startswith("/en/?next=")
    with pytest.raises(SignInRefused):
        arrives(CODES["amira"])
    assert (state_of(shared.person), "life.shut" in kinds(shared.person)) == (ConsentState.SUSPENDED, True)
    with departments():
        copied(shared.person, "library-card")
        remove_what_was_held(by=BY, at=timezone.now())
        assert copies(shared.person) == {"library-card"}


def test_dropped_it_is_as_before(shared: Resident) -> None:
    answer(shared, question_of(shared.person), "yes")
    change = told(shared)
    assert drop_change(change.pk, by=BY, at=timezone.now())
    assert (state_of(shared.person), row_of(shared.person).closed_at) == (ConsentState.GIVEN, None)
    assert "life.opened" in kinds(shared.person)
    assert arrives(CODES["amira"]).person_id == shared.person


def minded(after: timedelta) -> tuple[int, list[str]]:
    """So long after now: (how many opened, what was written to the officers)."""
    at = timezone.now() + after
    mail.outbox.clear()
    opened = mind_shut(by=BY, at=at)
    with scope(Role.WORKER):
        jobs = list(Job.objects.filter(name="life.write_of_shut", arguments__noted_at=at.isoformat()))
    for job in jobs:
        write_of_shut(UUID(job.arguments["change_id"]), datetime.fromisoformat(job.arguments["noted_at"]), at=at)
    return opened, [str(letter.subject) for letter in mail.outbox]


@pytest.fixture
def letters(settings: Any) -> None:
    settings.LETTERS_FROM, settings.EMAIL_BACKEND = "p@example.org", "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.usefixtures("letters")
def test_the_officers_are_reminded_once_and_a_fortnight_later_it_opens_with_nothing_in_use(shared: Resident) -> None:
    answer(shared, question_of(shared.person), "yes")
    change = told(shared)
    assert minded(timedelta(days=6)) == (0, [])
    assert minded(timedelta(days=8)) == (0, ["Suljettu tili odottaa toista vahvistajaa"])
    assert minded(timedelta(days=9)) == (0, [])
    assert row_of(shared.person).closed_at is not None
    assert minded(timedelta(days=15)) == (1, ["Suljettu tili on avautunut"])
    assert minded(timedelta(days=16)) == (0, [])
    # The person is let in and told; the data is used for nothing until they say so.
    assert (row_of(shared.person).closed_at, state_of(shared.person)) == (None, ConsentState.SUSPENDED)
    assert arrives(CODES["amira"]).person_id == shared.person
    with scope(Role.WORKER):
        assert Notice.objects.filter(person_id=shared.person, kind=NoticeKind.OPEN_AGAIN).count() == 1
    assert "life.lapsed" in kinds(shared.person)
    with scope(Role.RESIDENT, persons=[shared.person]):
        at_home = turns_of(shared.person, at=timezone.now() + timedelta(days=16))
    assert [row.kind for row in at_home] == [NoticeKind.OPEN_AGAIN]
    with pytest.raises(NotConfirmed):
        confirmed(change, shared.person)
    consent, by = question_of(shared.person), resident(shared.person)
    with scope(Role.RESIDENT, persons=[shared.person]):
        for verb in (withdraw, give):
            verb(consent.pk, shown=Shown(consent.text_id, "fi"), by=by, at=timezone.now())
    assert state_of(shared.person) == ConsentState.GIVEN


@pytest.mark.usefixtures("letters")
def test_who_told_it_takes_it_back_and_nobody_is_reminded(shared: Resident) -> None:
    officer = Officer()
    change = told(shared, officer)
    assert drop_change(change.pk, by=officer.by, at=timezone.now())
    assert minded(timedelta(days=15)) == (0, [])


def test_the_front_page_says_that_somebody_cannot_get_in(shared: Resident, hire: Hire) -> None:
    told(shared)
    words = "1 account is shut until a second officer confirms"
    assert words in hire("dpo", "*", code=OWN["keeper-library"]).get("/admin/").content.decode()
    assert words not in hire("auditor", "*", code=OWN["auditor"]).get("/admin/").content.decode()


def test_another_confirms_with_both_codes_and_nobody_tells_twice(shared: Resident) -> None:
    officer, now = Officer(), timezone.now()
    happening = Happening(LifeKind.SPLIT, shared.person, CASE, NEW)
    change = tell_change(happening, staff=officer.user, by=officer.by, at=now)
    with pytest.raises(AlreadyClosed):
        tell_change(happening, staff=officer.user, by=officer.by, at=now)
    with pytest.raises(SameTeller):
        confirm_change(
            change.pk, person=shared.person, new_code=NEW, seen="no", staff=officer.user, by=officer.by, at=now
        )
    with pytest.raises(AnotherPerson):
        confirmed(change, shared.person, code=CODES["otso"])
    assert found_by(NEW) is None


def test_one_person_is_not_two(shared: Resident) -> None:
    officer = Officer()
    with pytest.raises(NotTwo):
        tell_change(
            Happening(LifeKind.SPLIT, shared.person, CASE, CODES["amira"]),
            staff=officer.user,
            by=officer.by,
            at=timezone.now(),
        )


# ---- two accounts ----------------------------------------------------------------------------------------------------
def test_each_signs_in_to_an_account_of_their_own_and_nobody_reads_the_shared_one(shared: Resident) -> None:
    first, second = split(shared)
    assert (arrives(CODES["amira"]).person_id, arrives(NEW).person_id) == (first, second)
    assert len({first, second, shared.person}) == 3
    assert row_of(shared.person).split_into == [first, second]
    for person in (first, second):
        with scope(Role.RESIDENT, persons=[person]):
            assert set(Person.objects.values_list("pk", flat=True)) == {person}
            assert not Entry.objects.filter(subject=shared.person).exists()
        assert {"people.made_apart", "life.begun"} <= kinds(person)
        with scope(Role.WORKER):
            assert Notice.objects.filter(person_id=person, kind=NoticeKind.SPLIT).count() == 1
    assert {"life.split", "life.shut"} <= kinds(shared.person)


def test_no_yes_survives_and_nobody_is_asked_what_the_other_allowed(shared: Resident) -> None:
    answer(shared, question_of(shared.person), "yes")
    first, second = split(shared)
    assert (state_of(shared.person), state_of(first), state_of(second)) == (ConsentState.TERMINATED, None, None)


def test_a_no_is_a_no_of_both(shared: Resident) -> None:
    consent = question_of(shared.person)
    assert answer(shared, consent, "no").status_code == 302
    first, second = split(shared)
    assert (state_of(first), state_of(second)) == (ConsentState.REFUSED, ConsentState.REFUSED)


def test_restrictions_holds_and_erasures_are_both_s(shared: Resident) -> None:
    shared.browser.post("/en/rights/limit/", {"what": "register:sports-customers", "ground": "unlawful"})
    with departments():
        copied(shared.person, "library-card", "boat-places")
        run(asked(shared.person, LIBRARY))
        hold(shared.person)
        both = split(shared)
    for person in both:
        with scope(Role.WORKER):
            assert Restriction.objects.get(person_id=person).lifted_at is None
            assert NotCopied.objects.filter(person_id=person, dataset__slug="library-card").exists()
        with scope(Role.STAFF):
            assert LegalHold.objects.filter(person_id=person, ended_at=None).count() == 1
    # What the law holds stays where nobody reads it.
    assert copies(shared.person) == {"boat-places"}


def test_copies_end_and_pseudonyms_go_by_the_code_that_they_are_made_of(shared: Resident) -> None:
    with scope(Role.WORKER):
        [subject] = subjects_of([("sports", shared.person)]).values()
    with departments():
        copied(shared.person, "library-card")
        first, second = split(shared)
    assert copies(shared.person) == copies(first) == copies(second) == set()
    with scope(Role.WORKER):
        whose = {bytes(row.subject): row.person_id for row in PairwiseSubject.objects.filter(department="sports")}
        after = subjects_of([("sports", first), ("sports", second)])
    assert whose[subject] == first
    assert after == {("sports", first): subject, ("sports", second): by_code("sports", NEW).raw}
