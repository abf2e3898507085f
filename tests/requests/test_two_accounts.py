"""Two accounts that are one person: one stays and is found; no yes comes along, every no does."""

from uuid import UUID

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from django.utils.translation import override

from consents.actions.answering import refuse
from consents.actions.limiting import Wanted, hold_back
from consents.actions.traces import Shown
from consents.enums import AnnouncementKind, ConsentState, Ground
from consents.models import Announcement, Consent, Restriction
from consents.receipts.reading import opened, receipts_of
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.notices.enums import NoticeKind
from portal.notices.models import Notice
from portal.pages.receipt_sheets import SAID, SAID_OF_THEM, sheet_of
from portal.people.codes import RESIDENTS, account_id
from portal.people.models import PairwiseSubject, User
from portal.people.queries import found_by
from portal.people.subjects import subjects_of
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind
from portal.requests.erasing.models import LegalHold
from portal.requests.life.joining import join_accounts
from portal.walls import Role, scope
from tests.acting import answer, question_of
from tests.pages.conftest import city
from tests.requests.accounts import BY, Two, back, joined, never_here, two
from tests.requests.erasures import LIBRARY, asked, copied, copies, departments, run
from tests.requests.lives import CASE, row_of
from tests.requests.test_holds import hold
from tests.requests.test_new_code import NEW, arrives
from tests.residents import CODES, Resident, enter

__all__ = ["city", "two"]


def state_of(person: UUID, purpose: str) -> str | None:
    with scope(Role.WORKER):
        return Consent.objects.filter(person_id=person, purpose__slug=purpose).values_list("state", flat=True).first()


# ---- who is found ----------------------------------------------------------------------------------------------------
def test_both_codes_lead_where_they_should_and_the_sign_in_to_the_account_that_stays(two: Two) -> None:
    stays, goes = two
    joined(two)
    assert (found_by(NEW), found_by(CODES["amira"])) == (stays.person, None)
    assert arrives(NEW).person_id == stays.person
    row = row_of(goes.person)
    assert (row.continues_as_id, row.closed_at is not None) == (stays.person, True)
    assert not User.objects.get(person_id=goes.person).is_active


def test_a_log_in_of_the_other_account_alone_leads_to_the_one_that_stays(city: None) -> None:
    stays, goes = never_here(), enter("uusi", code=NEW)
    user = User.objects.get(person_id=goes.person)
    SocialAccount.objects.create(user=user, provider=RESIDENTS, uid=account_id(RESIDENTS, NEW))
    join_accounts(stays, NEW, reference=CASE, by=BY, at=timezone.now())
    signed_in = arrives(NEW)
    assert (signed_in.pk, signed_in.person_id) == (user.pk, stays)


def test_every_pseudonym_leads_to_the_account_that_stays(two: Two) -> None:
    stays, goes = two
    pairs = [("sports", one.person) for one in two]
    with scope(Role.WORKER):
        before = subjects_of(pairs)
    joined(two)
    with scope(Role.WORKER):
        found = {bytes(row.subject): row.person_id for row in PairwiseSubject.objects.filter(department="sports")}
        # What departments are still to hear of the other account they hear by the pseudonym that they know.
        after = subjects_of([("sports", goes.person)])
    assert found == dict.fromkeys(before.values(), stays.person)
    assert after == {pairs[1]: before[pairs[1]]}


def test_an_entry_stands_in_both_logs(two: Two) -> None:
    joined(two)
    with scope(Role.WORKER):
        kinds = [set(Entry.objects.filter(subject=one.person).values_list("kind", flat=True)) for one in two]
        [notice] = Notice.objects.filter(person_id=two[0].person, kind=NoticeKind.JOINED)
    assert ("life.joined" in kinds[0], "life.continued" in kinds[1]) == (True, True)
    # The letter goes as any other, though it is staff who did it.
    assert not notice.at_desk


# ---- nothing is used that was held back ------------------------------------------------------------------------------
def says(one: Resident, what: str) -> None:
    consent = question_of(one.person)
    if what == "no":
        with scope(Role.RESIDENT, persons=[one.person]):
            refuse(consent.pk, shown=Shown(consent.text_id, "fi"), by=resident(one.person), at=timezone.now())
    elif what == "yes":
        assert answer(one, consent, "yes").status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        # (under the one that stays, then under the one that goes): what stands afterwards.
        ("", "yes", ConsentState.REQUESTED),
        ("yes", "", ConsentState.GIVEN),
        ("yes", "yes", ConsentState.GIVEN),
        ("yes", "no", ConsentState.WITHDRAWN),
        ("no", "yes", ConsentState.REFUSED),
        ("", "no", ConsentState.REQUESTED),
    ],
)
def test_no_yes_comes_along_and_a_later_no_holds(first: str, second: str, after: ConsentState, two: Two) -> None:
    stays, goes = two
    says(stays, first)
    says(goes, second)
    joined(two)
    assert state_of(stays.person, "swimming-reminders") == after
    with scope(Role.WORKER):
        on = Consent.objects.filter(person_id=goes.person, state__in=[ConsentState.GIVEN, ConsentState.REQUESTED])
        assert not on.exists()


ENDED = {
    "fi": ("koska kaksi tiliäsi yhdistettiin", "Toisella tilillä antamasi kieltävä vastaus on voimassa."),
    "sv": ("eftersom dina två konton slogs ihop", "Det nej som du gav på det andra kontot gäller."),
    "en": ("because your two accounts were joined", "The no that you gave in the other account holds."),
}


def receipts_say(person: UUID, *, acting: bool = False) -> set[str]:
    """In the language in force."""
    with scope(Role.RESIDENT, persons=[person]):
        return {sheet_of(opened(row).receipt, acting=acting).said for row in receipts_of(person)}


def test_log_history_file_and_receipt_say_that_accounts_were_joined_and_not_that_the_city_gave_up(two: Two) -> None:
    stays, goes = two
    says(stays, "yes")
    says(goes, "no")
    joined(two)
    stays = back(stays)
    with scope(Role.RESIDENT, persons=[stays.person]):
        consent = Consent.objects.get(person_id=stays.person, purpose__slug="swimming-reminders")
    for language, words in ENDED.items():
        for path in ("usage/", f"permissions/{consent.pk}/", "usage/csv/"):
            ask = stays.browser.post if path.endswith("csv/") else stays.browser.get
            answer = ask(f"/{language}/{path}")
            shown = b"".join(answer) if answer.streaming else answer.content
            assert [word in shown.decode() for word in words] == [True, True], (language, path)
        with override(language):
            assert receipts_say(stays.person) == {SAID["given"], SAID["other_answer_holds"]}
            assert SAID_OF_THEM["other_answer_holds"] in receipts_say(stays.person, acting=True)
    with scope(Role.WORKER):
        ends = Notice.objects.filter(person_id=stays.person, kind__in=[NoticeKind.CLOSED, NoticeKind.WITHDRAWN])
        assert not ends.exists()


def test_a_yes_that_does_not_come_along_ended_as_the_accounts_were_joined(two: Two) -> None:
    _, goes = two
    says(goes, "yes")
    joined(two)
    with scope(Role.WORKER):
        kinds = set(Entry.objects.filter(subject=goes.person).values_list("kind", flat=True))
    assert ("consents.ended_joined" in kinds, "consents.terminated" in kinds) == (True, False)
    assert SAID["accounts_joined"] in receipts_say(goes.person)


def test_a_no_to_what_was_never_asked_here_comes_along_with_its_time(city: None) -> None:
    stays, goes = never_here(), enter("uusi", code=NEW)
    says(goes, "no")
    with scope(Role.WORKER):
        said_at = Consent.objects.get(person_id=goes.person, purpose__slug="swimming-reminders").answered_at
    join_accounts(stays, NEW, reference=CASE, by=BY, at=timezone.now())
    with scope(Role.WORKER):
        row = Consent.objects.get(person_id=stays, purpose__slug="swimming-reminders")
    assert (row.state, row.answered_at) == (ConsentState.REFUSED, said_at)


def test_a_restriction_holds_on_and_its_department_hears_of_it(two: Two) -> None:
    stays, goes = two
    now, by = timezone.now(), resident(goes.person)
    wanted = Wanted("sports", Ground.UNLAWFUL, register="sports-customers")
    with scope(Role.RESIDENT, persons=[goes.person]):
        request, _ = make_request(
            Asked(RequestKind.RESTRICT, department="sports", register="sports-customers"),
            person=goes.person,
            language="fi",
            by=by,
            at=now,
        )
        hold_back(wanted, person=goes.person, request=request.pk, by=by, at=now)
    joined(two)
    with scope(Role.WORKER):
        row = Restriction.objects.get()
        heard = Announcement.objects.filter(person_id=stays.person, kind=AnnouncementKind.DATA_RESTRICTED)
        assert (row.person_id, row.begins_at == now, heard.exists()) == (stays.person, True, True)


def test_what_was_erased_under_the_other_account_is_not_kept_here_but_what_the_law_holds_is(two: Two) -> None:
    stays, goes = two
    with departments():
        copied(stays.person, "library-card", "boat-places")
        copied(goes.person, "library-card", "boat-places")
        run(asked(goes.person, LIBRARY))
        hold(goes.person)
        joined(two)
    # Held of either it is held of both.
    assert (copies(stays.person), copies(goes.person)) == ({"library-card", "boat-places"}, {"boat-places"})
    with scope(Role.STAFF):
        assert LegalHold.objects.filter(person_id=stays.person, ended_at=None).count() == 1


def test_copies_of_the_other_account_go(two: Two) -> None:
    stays, goes = two
    with departments():
        copied(stays.person, "library-card")
        copied(goes.person, "boat-places")
        joined(two)
    assert (copies(stays.person), copies(goes.person)) == ({"library-card"}, set())
