"""A death closes the account: told by the register or by two people; log, proof and what keepers answer stay."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.utils import timezone

from consents.actions.asking import put_question
from consents.enums import AnnouncementKind, ConsentState
from consents.models import Announcement, Consent, Purpose
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.keys.models import PersonKey
from portal.ledger.actor import resident, system
from portal.ledger.models import Entry
from portal.notices.actions.telling import tell
from portal.notices.actions.writing import write_letter
from portal.notices.enums import NoticeKind, Way
from portal.notices.models import LetterChoice
from portal.people.behalf.powers import power_of, whom_may_i
from portal.people.behalf.refreshing import refresh_rights
from portal.people.models import ActingRight, User
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind, RequestState
from portal.requests.erasing.models import Erased
from portal.requests.errors import TooNear
from portal.requests.life.closing import close_account, remove_what_was_held
from portal.requests.life.errors import AlreadyClosed, AnotherPerson, NotConfirmed, SameTeller
from portal.requests.life.models import LifeChange
from portal.requests.life.tasks import mind
from portal.requests.life.telling import drop_change
from portal.walls import Role, scope
from tests.acting import answer, person_of, question_of, register
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import LIBRARY, Department, copied, copies, departments
from tests.requests.lives import Officer, row_of
from tests.requests.queue import asks, now
from tests.requests.test_holds import hold
from tests.residents import CODES, Resident

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
BY = system("tests")


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    return resident_in("raili")


def died(person: UUID) -> bool:
    return close_account(person, reference="77/2026", by=BY, at=timezone.now())


def kinds(person: UUID) -> list[str]:
    with scope(Role.WORKER):
        rows = Entry.objects.filter(subject=person, kind__startswith="life.").order_by("id")
        return [row.kind for row in rows]


def test_every_session_ends_and_the_log_in_with_them(raili: Resident) -> None:
    user = User.objects.get(person_id=raili.person)
    [key] = [session.session_key for session in Session.objects.all() if _is_of(session, user)]
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="")
    assert raili.browser.get("/en/home/").status_code == 200
    assert died(raili.person)
    user.refresh_from_db()
    assert (UserSession.objects.filter(user=user).count(), user.is_active) == (0, False)
    assert not Session.objects.filter(session_key=key).exists()
    assert raili.browser.get("/en/home/").headers["Location"].startswith("/en/?next=")


def _is_of(session: Session, user: User) -> bool:
    return session.get_decoded().get("_auth_user_id") == str(user.pk)


def test_permissions_end_and_whoever_got_data_hears_of_it(raili: Resident) -> None:
    consent = question_of(raili.person)
    answer(raili, consent, "yes")
    died(raili.person)
    with scope(Role.WORKER):
        states = set(Consent.objects.filter(person_id=raili.person).values_list("state", flat=True))
        told = Announcement.objects.filter(person_id=raili.person, consent=consent.pk, kind=AnnouncementKind.TERMINATED)
        assert (states, told.count()) == ({ConsentState.TERMINATED}, 1)


def test_copies_go_with_their_keys_and_a_restore_does_it_again(systems: object, raili: Resident) -> None:
    copied(raili.person, "library-card", "boat-places")
    died(raili.person)
    assert copies(raili.person) == set()
    with scope(Role.WORKER):
        ended = set(PersonKey.objects.filter(person_id=raili.person, wrapped=None).values_list("scope", flat=True))
        assert ended == {"records"}
        assert list(Erased.objects.filter(person_id=raili.person).values_list("datasets", flat=True)) == [[]]
    copied(raili.person, "library-card")
    assert copies(raili.person) == set()


def test_what_the_law_holds_goes_when_it_does_not_any_more(systems: object, raili: Resident) -> None:
    copied(raili.person, "library-card", "boat-places")
    hold(register=LIBRARY, days=5)
    died(raili.person)
    assert copies(raili.person) == {"library-card"}
    assert remove_what_was_held(by=BY, at=timezone.now()) == 0
    assert remove_what_was_held(by=BY, at=timezone.now() + timedelta(days=7)) == 1
    assert (copies(raili.person), kinds(raili.person).count("life.copies_removed")) == (set(), 2)
    assert remove_what_was_held(by=BY, at=timezone.now() + timedelta(days=7)) == 0


def test_the_portals_work_for_them_ends_and_a_keepers_goes_on(raili: Resident) -> None:
    question = asks(raili)
    with scope(Role.RESIDENT, persons=[raili.person]):
        package, _ = make_request(
            Asked(RequestKind.ALL),
            person=raili.person,
            language="fi",
            by=resident(raili.person),
            at=timezone.now(),
            state=RequestState.WORKING,
        )
    died(raili.person)
    assert [now(each).state for each in (question, package)] == [RequestState.RECEIVED, RequestState.WITHDRAWN]


def test_no_letter_is_written_whatever_they_had_chosen(raili: Resident) -> None:
    with scope(Role.RESIDENT, persons=[raili.person]):
        choice = {"way": Way.EMAIL, "language": "fi", "digest": True, "desk": True, "digest_from_at": timezone.now()}
        choice["changed_at"] = timezone.now()
        LetterChoice.objects.update_or_create(person_id=raili.person, defaults=choice)
    died(raili.person)
    with scope(Role.WORKER):
        notice = tell(raili.person, NoticeKind.BREACH, by=BY, at=timezone.now() + timedelta(days=1))
        assert write_letter(notice, by=BY, at=timezone.now() + timedelta(days=1)) is False


def test_nobody_acts_for_them_nor_by_a_right_of_theirs(resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    refresh_rights(amira.person, at=timezone.now())
    child = person_of("sami")
    died(child)
    # The register has not heard of it yet, and tells of the right again.
    refresh_rights(amira.person, at=timezone.now())
    with scope(Role.RESIDENT, persons=[amira.person, child]):
        assert (power_of(amira.person, over=child, at=timezone.now()), ActingRight.objects.count()) == (None, 1)
    with scope(Role.RESIDENT, persons=[amira.person]):
        assert whom_may_i(amira.person, at=timezone.now()) == []
    died(amira.person)
    with scope(Role.WORKER):
        assert not ActingRight.objects.filter(actor_id=amira.person).exists()


@pytest.mark.parametrize("slug", ["amira", "sami"])
def test_told_by_the_register_the_account_is_closed_by_a_job_once(
    slug: str, resident_in: Enter, register: Population
) -> None:
    amira = resident_in("amira")
    if slug == "amira":
        register.died.add(slug)
    else:
        register.told[slug]["died"] = True
    for _ in range(2):
        refresh_rights(amira.person, at=timezone.now())
        mind()
    assert kinds(person_of(slug)) == ["life.closed", "life.copies_removed"]
    other = {"amira": "sami", "sami": "amira"}[slug]
    assert kinds(person_of(other)) == []


def test_two_people_close_an_account_and_the_second_writes_the_code(raili: Resident) -> None:
    one, two = Officer(), Officer("auditor")
    change = one.tells(raili.person)
    assert row_of(raili.person).closed_at is None
    for officer, person, fault in ((one, raili.person, SameTeller), (two, None, AnotherPerson)):
        with pytest.raises(fault):
            officer.confirms(change, person)
    assert row_of(raili.person).closed_at is None
    two.confirms(change, raili.person)
    assert row_of(raili.person).closed_at is not None
    assert kinds(raili.person) == ["life.told", "life.confirmed", "life.closed", "life.copies_removed"]
    with pytest.raises(NotConfirmed):
        two.confirms(change, raili.person)
    with pytest.raises(AlreadyClosed):
        one.tells(raili.person)


def test_what_was_dropped_is_not_confirmed(raili: Resident) -> None:
    one, two = Officer(), Officer("auditor")
    change = one.tells(raili.person)
    assert [drop_change(change.pk, by=one.by, at=timezone.now()) for _ in range(2)] == [True, False]
    with pytest.raises(NotConfirmed):
        two.confirms(change, raili.person)
    assert row_of(raili.person).closed_at is None


def test_the_database_takes_no_change_confirmed_by_who_told_it(raili: Resident) -> None:
    one = Officer()
    change = one.tells(raili.person)
    with pytest.raises(IntegrityError), scope(Role.STAFF):
        LifeChange.objects.filter(pk=change.pk).update(confirmed_by=one.by.id, confirmed_at=timezone.now())


def test_no_question_is_put_to_them(raili: Resident) -> None:
    died(raili.person)
    with scope(Role.WORKER):
        before = Consent.objects.filter(person_id=raili.person).count()
        Consent.objects.filter(person_id=raili.person).update(state=ConsentState.EXPIRED)
        purpose = Purpose.objects.get(slug="swimming-reminders")
        put_question(purpose.pk, raili.person, client="c", looks=1, at=timezone.now())
        assert Consent.objects.filter(person_id=raili.person, state=ConsentState.EXPIRED).count() == before


def test_staff_tell_nothing_of_themselves_or_their_family(raili: Resident) -> None:
    with pytest.raises(TooNear):
        Officer(code=CODES["raili"]).tells(raili.person)
    with scope(Role.WORKER):
        assert not LifeChange.objects.exists()


def test_an_officer_confirms_of_a_colleague_as_they_are_all_colleagues(raili: Resident) -> None:
    User.objects.create(
        username="colleague", kind="staff", is_staff=True, departments=["sports"], own_index=blind_index(CODES["raili"])
    )
    Officer("auditor").confirms(Officer().tells(raili.person), raili.person)
    assert row_of(raili.person).closed_at is not None
