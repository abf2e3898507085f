"""What policy.toml says goes, goes, and nothing else: batch by batch, with one entry that tells how many."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext

from consents.models import Announcement, Telling
from datasources.models import Source, Trial
from portal.jobs.models import Job
from portal.keys.models import KeyScope, PersonKey
from portal.keys.ring import ring
from portal.ledger.actions import sequence
from portal.ledger.actor import system
from portal.ledger.entries import Facts, body
from portal.ledger.models import Entry
from portal.people.kinds import PeopleEntry
from portal.people.models import User, UserKind
from portal.privacy.kinds import PrivacyEntry
from portal.privacy.retention import remove_months, retain, rules
from portal.walls import Role, scope

BY, AT = system("tests"), datetime(2026, 11, 30, 5, 15, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 365 * DAY
# Of 2014, as a key made of that time.
OLD_ID = int(datetime(2014, 3, 5, tzinfo=UTC).timestamp() * 1000) << 80


def v7(at: datetime) -> UUID:
    return UUID(int=(int(at.timestamp() * 1000) << 80) + (0x7 << 76) + (0b10 << 62) + uuid4().int % 2**62)


def count(model: type[models.Model]) -> int:
    with scope(Role.WORKER):
        return model._default_manager.count()


def job(*, done: datetime | None, made: datetime = AT - YEAR) -> None:
    with scope(Role.WORKER):
        Job.objects.create(
            id=v7(made), name="x", queue="bulk", arguments={}, due_at=made, done_at=done, created_at=made
        )


def announcement(at: datetime) -> Announcement:
    with scope(Role.WORKER):
        return Announcement.objects.create(
            id=v7(at), department="sports", kind="consent.given", person_id=uuid4(), happened_at=at, consent=uuid4()
        )


def telling(of: Announcement, *, due: datetime) -> None:
    facts = {"person_id": of.person_id, "department": "sports", "client": uuid4(), "system": "x", "due_at": due}
    with scope(Role.WORKER):
        Telling.objects.create(id=v7(of.happened_at), announcement=of, **facts)


@pytest.mark.security("V14.2.7")
@pytest.mark.django_db
def test_work_goes_thirty_days_after_it_was_done_and_not_before() -> None:
    for done in (AT - 31 * DAY, AT - 32 * DAY, AT - 300 * DAY, AT - 29 * DAY, None):
        job(done=done)
    assert retain(by=BY, at=AT, batch=2) == {"jobs.Job": 3}
    assert (count(Job), retain(by=BY, at=AT)) == (2, {})


@pytest.mark.django_db
def test_a_run_leaves_one_entry_that_tells_how_many_and_about_nobody() -> None:
    job(done=AT - 31 * DAY)
    retain(by=BY, at=AT)
    with scope(Role.WORKER):
        told = Entry.objects.get(kind=PrivacyEntry.REMOVED)
    assert (told.counts, told.subject, told.actor_id) == ({"jobs.Job": 1}, None, "tests")


@pytest.mark.django_db
def test_what_another_row_lies_on_stays_until_that_one_goes() -> None:
    old = announcement(AT - 3 * YEAR)
    telling(old, due=AT - YEAR)
    assert retain(by=BY, at=AT) == {}
    assert retain(by=BY, at=AT + 2 * YEAR) == {"consents.Telling": 1, "consents.Announcement": 1}


@pytest.mark.django_db
def test_a_column_that_goes_sooner_than_its_row_is_cleared(loaded_city: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        source = Source.objects.all()[0]
        for minutes in (14, 16):
            at = AT - timedelta(minutes=minutes)
            facts = {
                "state": "done",
                "asked_at": at,
                "ended_at": at,
                "sealed_values": b"x",
                "reason": "x",
                "asked_by": "x",
            }
            Trial.objects.create(source=source, kind="unmasked", **facts)
    assert retain(by=BY, at=AT) == {"datasources.Trial.sealed_values": 1}
    with scope(Role.WORKER):
        assert [bool(trial.sealed_values) for trial in Trial.objects.order_by("-asked_at")] == [True, False]


@pytest.mark.django_db
def test_keys_that_live_stay_and_what_is_left_of_others_goes_after_ten_years() -> None:
    person = uuid4()
    with scope(Role.WORKER):
        for key, ended in zip(KeyScope, (None, AT - 9 * YEAR, AT - 11 * YEAR), strict=False):
            facts = {"wrapped": None if ended else b"x", "ring_version": 1, "destroyed_at": ended}
            PersonKey.objects.create(person_id=person, scope=key, **facts)
    assert retain(by=BY, at=AT) == {"keys.PersonKey": 1}
    with scope(Role.WORKER):
        PersonKey.objects.filter(person_id=person).delete()
        assert PersonKey.objects.filter(person_id=person).count() == 1


@pytest.mark.django_db
def test_sessions_that_expired_and_the_back_offices_old_log_go() -> None:
    user = User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, is_staff=True)
    for days in (-1, 1):
        store = SessionStore()
        store.save()
        Session.objects.filter(pk=store.session_key).update(expire_date=AT + days * DAY)
        listed = UserSession.objects.create(user=user, ip="127.0.0.1", session_key=str(days), user_agent="x")
        UserSession.objects.filter(pk=listed.pk).update(created_at=AT + (days - 1) * DAY)
        with scope(Role.STAFF, departments=["*"]):
            LogEntry.objects.create(
                user=user, object_id="1", object_repr="1", action_flag=CHANGE, action_time=AT - (2 - days) * YEAR
            )
    gone = {"sessions.Session": 1, "usersessions.UserSession": 1, "admin.LogEntry": 1}
    assert retain(by=BY, at=AT) == gone


@pytest.mark.django_db
def test_each_batch_looks_at_no_more_rows_than_it_may_and_at_none_that_is_too_young() -> None:
    for _ in range(5):
        job(done=AT - 31 * DAY)
    for _ in range(5):
        job(done=AT - DAY, made=AT - 2 * DAY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        retain(by=BY, at=AT, batch=2)
    sweeps = [each["sql"] for each in asked if 'FROM "jobs_job"' in each["sql"] and "looked" in each["sql"]]
    assert (len(sweeps), all("LIMIT" in each for each in sweeps)) == (3, True)


def test_every_table_whose_time_is_a_date_is_swept_children_first() -> None:
    names = [rule.name for rule in rules()]
    assert {"jobs.Job", "rest.Reply", "notices.Letter", "notices.Notice", "consents.Delivery"} <= set(names)
    assert names.index("consents.Telling") < names.index("consents.Announcement")
    assert names.index("notices.Notice") < names.index("notices.Letter")


def _old_entry(number: int) -> None:
    entry = UUID(int=OLD_ID + (0x7 << 76) + (0b10 << 62) + number)
    key = ring().newest("salts")[1]
    at = datetime(2014, 3, 5, tzinfo=UTC)
    told = body(entry, PeopleEntry.SIGNED_IN.value, by=BY, at=at, facts=Facts(), log_key=key, details=None)
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_pending (id, body) VALUES (%s, %s)", [entry, told])


def _leaves() -> int:
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_leaf")
        (leaves,) = cursor.fetchone() or (0,)
    return int(leaves)


@pytest.mark.security("V14.2.7")
def test_a_month_of_the_log_goes_whole_after_ten_years_and_its_leaves_stay(
    committed_db: str, superuser: psycopg.Connection
) -> None:
    superuser.execute("SET ROLE mydata_owner")
    superuser.execute("SELECT ledger_make_partition('2014-03-01')")
    _old_entry(1)
    _old_entry(2)
    with scope(Role.WORKER):
        sequence(at=AT)
    assert remove_months(by=BY, at=AT) == [date(2014, 3, 1)]
    with scope(Role.WORKER):
        told = [(entry.kind, entry.counts) for entry in Entry.objects.all()]
    assert told == [(PrivacyEntry.MONTH_REMOVED, {"month": "2014-03", "entries": 2})]
    assert (_leaves(), remove_months(by=BY, at=AT)) == (2, [])


def test_a_month_that_is_young_or_not_numbered_stays_whoever_asks(
    committed_db: str, superuser: psycopg.Connection
) -> None:
    superuser.execute("SET ROLE mydata_owner")
    superuser.execute("SELECT ledger_make_partition('2014-03-01')")
    superuser.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
    _old_entry(1)
    superuser.execute("RESET ROLE")
    superuser.execute("INSERT INTO ledger_entry_2014_03 (id, body) SELECT id, body FROM ledger_pending")
    for month in ("2026-01-01", "2014-03-01", "2014-03-02"):
        with pytest.raises(IntegrityError), scope(Role.WORKER), connection.cursor() as cursor:
            cursor.execute("SELECT ledger_drop_month(%s)", [month])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.WORKER])
@pytest.mark.django_db
def test_nobody_but_a_worker_may_ask_for_it(role: Role) -> None:
    with pytest.raises(Exception, match="permission denied"), scope(role), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_drop_month('2014-03-01')")
