"""A department sends its records one by one: sheets are opened, changed and sealed again; good lines stand."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from datasources.actions.asking import ask_for
from datasources.actions.receiving import begin_push
from datasources.actions.rounds import ask_for_every_pull
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.enums import FaultKind
from datasources.errors import Refused
from datasources.models import Asking, Pull, PullKind, PullState, Reading, Sheet, Source, TrialKind, TrialState
from portal.jobs.models import Job
from portal.keys.indexes import pairwise
from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.ledger.models import Entry
from portal.people.models import PairwiseSubject
from portal.people.subjects import raw_subject
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source
from tests.datasources.pushing import DATASET, LIBRARY, counted, gone, let_it_send, loan, push, seen_by, texts


@pytest.fixture(autouse=True)
def in_finnish() -> Iterator[None]:
    """Labels are read in Finnish, whatever was read before."""
    with override("fi"):
        yield


@pytest.fixture(autouse=True)
def library_sends(catalogue: None) -> None:
    let_it_send()


def kinds() -> list[str]:
    with scope(Role.WORKER):
        told = Entry.objects.filter(kind__startswith="datasources.").exclude(kind="datasources.catalogue_changed")
        return sorted(kind.removeprefix("datasources.") for kind in told.values_list("kind", flat=True))


def test_records_come_one_by_one_and_are_told_in_the_log() -> None:
    mikael = arrive("mikael")
    done = push(loan("mikael", "1"), loan("mikael", "2", title="Toinen", due_on="2026-12-01"), loan("raili"))
    assert counted(done) == {"received": 3, "stored": 2, "passed_over": 1}
    assert texts(mikael) == ["Kirja", "Toinen"]
    assert kinds() == ["pulled", "sheet_arrived"]
    with scope(Role.WORKER):
        pull = Pull.objects.get()
    assert (pull.kind, pull.state, pull.rows_read, pull.changed) == (PullKind.SENT, PullState.DONE, 3, 2)
    assert (pull.people_passed_over, pull.unchanged, pull.removed, pull.rejected) == (1, 0, 0, 0)


def test_a_record_takes_the_place_of_the_one_under_its_key_and_leaves_the_others() -> None:
    mikael = arrive("mikael")
    push(loan("mikael", "1"), loan("mikael", "2"))
    assert counted(push(loan("mikael", "2", hours=1, title="Uusi"), days=1)) == {"received": 1, "stored": 1}
    assert texts(mikael) == ["Kirja", "Uusi"]
    changes = seen_by(mikael).changes
    assert changes is not None
    assert (changes.labels, changes.added, changes.removed, changes.unseen) == (("Nimeke",), 0, 0, False)
    assert kinds() == ["pulled", "pulled", "sheet_arrived", "sheet_changed"]


def test_the_same_again_changes_nothing_and_leaves_no_entry_of_anyones() -> None:
    mikael = arrive("mikael")
    lines = [loan("mikael", "1"), loan("mikael", "2")]
    push(*lines)
    before = seen_by(mikael)
    assert counted(push(*lines, days=1)) == {"received": 2, "unchanged": 2}
    after = seen_by(mikael)
    assert (after.records, after.changed_at) == (before.records, before.changed_at)
    assert kinds() == ["pulled", "pulled", "sheet_arrived"]
    assert after.pulled_at == NIGHT + timedelta(days=1)


def test_an_older_observation_never_takes_the_place_of_a_newer_one() -> None:
    mikael = arrive("mikael")
    push(loan("mikael", hours=2, title="Uudempi"))
    assert counted(push(loan("mikael", hours=1, title="Vanhempi"), days=1)) == {"received": 1, "unchanged": 1}
    assert texts(mikael) == ["Uudempi"]


def test_what_was_seen_again_later_stands_against_what_was_seen_between() -> None:
    mikael = arrive("mikael")
    push(loan("mikael", hours=1))
    push(loan("mikael", hours=3), days=1)
    push(loan("mikael", hours=2, title="Välissä"), days=2)
    assert texts(mikael) == ["Kirja"]
    assert kinds().count("sheet_changed") == 0


def test_a_deleted_record_goes_and_with_the_last_one_the_sheet() -> None:
    mikael = arrive("mikael")
    push(loan("mikael", "1"), loan("mikael", "2"))
    assert counted(push(gone("mikael", "2"), gone("mikael", "3"), days=1)) == {
        "received": 2,
        "deleted": 1,
        "unchanged": 1,
    }
    assert texts(mikael) == ["Kirja"]
    push(gone("mikael", "1"), days=2)
    with scope(Role.WORKER):
        assert not Sheet.objects.exists()
    assert kinds()[3:] == ["sheet_arrived", "sheet_changed", "sheet_removed"]


def test_what_was_deleted_does_not_come_back_by_an_older_observation() -> None:
    mikael = arrive("mikael")
    first = loan("mikael", "2", title="Palautettu")
    push(loan("mikael", "1"), first)
    push(gone("mikael", "2"), days=1)
    assert counted(push(first, days=2)) == {"received": 1, "unchanged": 1}
    assert texts(mikael) == ["Kirja"]
    push(loan("mikael", "2", hours=5, title="Taas"), days=3)
    assert texts(mikael) == ["Kirja", "Taas"]


def test_a_deletion_older_than_what_is_held_deletes_nothing() -> None:
    mikael = arrive("mikael")
    early = (NIGHT - timedelta(days=2)).isoformat()
    push(loan("mikael"))
    push(gone("mikael", observed_at=early), days=1)
    assert texts(mikael) == ["Kirja"]


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_a_key_twice_in_one_push_is_told_and_the_last_stands(at_once: int) -> None:
    mikael = arrive("mikael")
    done = push(
        loan("mikael", title="Ensin"), loan("raili"), loan("mikael", title="Sitten"), loan("raili"), at_once=at_once
    )
    assert texts(mikael) == ["Sitten"]
    assert [(each.line, each.code) for each in done.flawed] == [(3, "repeated"), (4, "repeated")]
    assert counted(done) == {"received": 4, "stored": 2, "passed_over": 2}
    assert seen_by(mikael).changes is None


@pytest.mark.parametrize("at_once", [1, 3])
def test_one_push_in_many_transactions_is_told_as_one(at_once: int) -> None:
    mikael = arrive("mikael")
    push(loan("mikael", "1"), loan("mikael", "2"), loan("mikael", "3"))
    lines = [loan("mikael", "4"), gone("mikael", "1"), loan("mikael", "2", hours=1, title="Uusi")]
    push(*lines, days=1, at_once=at_once)
    with override("fi"):
        changes = seen_by(mikael).changes
    assert changes is not None
    assert (changes.labels, changes.added, changes.removed) == (("Nimeke",), 1, 1)
    assert kinds().count("sheet_changed") == 1


def test_a_department_may_name_people_by_its_own_pseudonym() -> None:
    mikael = arrive("mikael")
    subject = pairwise("library", CODES["mikael"])
    with scope(Role.WORKER):
        PairwiseSubject.objects.create(department="library", subject=raw_subject(subject), person_id=mikael)
    other = pairwise("sports", CODES["mikael"])
    named = [{**loan("mikael", key), "subject": name} for key, name in (("1", subject), ("2", other), ("3", "odd"))]
    for line in named:
        del line["identity_code"]
    done = push(*named)
    assert counted(done) == {"received": 3, "stored": 1, "passed_over": 1, "rejected": 1}
    assert [(each.line, each.code) for each in done.flawed] == [(3, "person")]


def test_nothing_is_kept_of_whoever_was_erased() -> None:
    mikael = arrive("mikael")
    push(loan("mikael"))
    with scope(Role.WORKER):
        Sheet.objects.all().delete()
        destroy_key(mikael, KeyScope.RECORDS, at=NIGHT)
    assert counted(push(loan("mikael", hours=1), days=1)) == {"received": 1, "passed_over": 1}
    with scope(Role.WORKER):
        assert not Sheet.objects.exists()


def test_one_person_has_no_more_records_than_were_agreed() -> None:
    arrive("mikael")
    done = push(*(loan("mikael", str(number)) for number in range(7)))
    assert counted(done) == {"received": 7, "stored": 5, "rejected": 2}
    # Of strangers none are held, so that the sender is not told: the keeper is.
    assert (done.flawed, done.refused) == ([], 0)
    with scope(Role.WORKER):
        assert Source.objects.get(slug="library").last_error == "2 of 7 lines could not be taken."


def test_a_sheet_that_came_by_another_way_is_begun_anew() -> None:
    mikael = arrive("mikael")
    push(loan("mikael", "1"), loan("mikael", "2"))
    with scope(Role.STAFF, departments=["*"]):
        columns = {"title": "title", "branch": "branch", "lent_on": "lent_on"}
        Source.objects.filter(slug="library").update(mapping={DATASET: {"columns": columns}}, mapping_version=2)
    push(loan("mikael", "2", hours=1, title="Uusi"), days=1)
    assert texts(mikael) == ["Kirja", "Uusi"]
    assert seen_by(mikael).changes is None


def test_bad_lines_are_told_on_the_source() -> None:
    push(b"[]", loan("raili"))
    library = source("library")
    assert (library.last_error, library.last_faults) == ("1 of 2 lines could not be taken.", FaultKind.BAD_LINES)
    assert (library.failures, library.last_success_at) == (0, NIGHT)


def test_a_push_that_breaks_off_keeps_what_came_and_makes_nothing_fresher() -> None:
    mikael = arrive("mikael")
    under_way = begin_push(DATASET, by=LIBRARY, at=NIGHT)
    under_way.store([(1, json.dumps(loan("mikael")).encode())], at=NIGHT)
    under_way.break_off("The connection broke.", at=NIGHT)
    under_way.leave()
    assert texts(mikael) == ["Kirja"]
    with scope(Role.WORKER):
        pull = Pull.objects.get()
        assert not Reading.objects.filter(dataset__slug=DATASET).exists()
    assert (pull.state, pull.changed, pull.error) == (PullState.FAILED, 1, "The connection broke.")
    assert kinds() == ["pull_failed", "sheet_arrived"]


@pytest.mark.parametrize("then", [lambda: push(loan("raili"), days=1), lambda: ask_for_every_pull(by=BY, at=NIGHT)])
def test_a_push_whose_worker_was_killed_is_ended_by_the_next_or_by_the_night(then: Callable[[], object]) -> None:
    with scope(Role.WORKER):
        dead = Pull.objects.create(source=source("library"), kind=PullKind.SENT, started_at=NIGHT)
    then()
    with scope(Role.WORKER):
        dead.refresh_from_db()
    assert (dead.state, dead.faults) == (PullState.FAILED, FaultKind.CUT_OFF)


def test_nothing_is_left_behind_in_the_connection() -> None:
    arrive("mikael")
    before = _locks()
    push(loan("mikael"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'push%' AND relpersistence = 't'")
        left = cursor.fetchone()
    # The transaction of this test holds the lock of the dataset until it ends.
    assert (left, _locks() - before) == ((0,), 1)


def _locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        (locks,) = cursor.fetchone() or (0,)
    return int(locks)


@pytest.mark.parametrize("dataset", ["library-card", "sports-courses", "none"])
def test_a_dataset_that_is_not_sent_is_refused(dataset: str) -> None:
    with pytest.raises(Refused, match="sends no dataset"):
        begin_push(dataset, by=LIBRARY, at=NIGHT)


def test_another_department_cannot_send_in_its_place_nor_a_system_that_is_off() -> None:
    sports = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")
    with pytest.raises(Refused):
        begin_push(DATASET, by=sports, at=NIGHT)
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(switched_on=False)
    with pytest.raises(Refused):
        begin_push(DATASET, by=LIBRARY, at=NIGHT)


def test_nobody_asks_a_system_that_sends() -> None:
    mikael = arrive("mikael")
    ask_for(mikael, by=resident(mikael), at=NIGHT)
    ask_for_every_pull(by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert not Asking.objects.filter(source__slug="library").exists()
        library = str(source("library").pk)
        assert not [job for job in Job.objects.all() if job.arguments.get("source_id") == library]
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source("library"), TrialKind.CONNECTION, by=BY, at=NIGHT)
    assert run_trial(trial.pk, by=BY, at=NIGHT).state == TrialState.FAILED
