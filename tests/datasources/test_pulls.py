"""Reading whole sources."""

from datetime import timedelta
from uuid import UUID

import pytest

from datasources.actions.expiry import expire_sheets
from datasources.actions.pulls import pull_source
from datasources.actions.rounds import ask_for_every_pull
from datasources.models import Pull, PullKind, PullState, Sheet
from datasources.queries.freshness import with_age
from portal.jobs.models import Job
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")
FEES = "early-education-fee-decisions"


def pull(slug: str, *, nights: int = 0) -> Pull:
    return pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(days=nights))


def counts(done: Pull) -> tuple[int, int, int]:
    return done.unchanged, done.changed, done.removed


def sheets() -> dict[str, int]:
    with scope(Role.WORKER):
        return dict(Sheet.objects.values_list("dataset__slug", "row_count"))


def kinds(*, about: UUID | None = None) -> list[str]:
    with scope(Role.WORKER):
        told = Entry.objects.filter(kind__startswith="datasources.", subject=about).order_by("id")
        return [f"{entry.kind.removeprefix('datasources.')} {','.join(entry.datasets)}" for entry in told]


@pytest.mark.parametrize(
    ("slug", "who", "held"),
    [
        ("early-education", "mikael", {"early-education-contacts": 1, FEES: 2}),
        ("library", "aino", {"library-card": 1}),
        ("sports", "raili", {"sports-courses": 2, "sports-visits": 36}),
    ],
)
def test_every_kind_of_source_fills_sheets(slug: str, who: str, held: dict[str, int]) -> None:
    arrive(who)
    done = pull(slug)
    assert (done.state, done.error) == (PullState.DONE, "")
    assert held.items() <= sheets().items()


@pytest.mark.parametrize("slug", ["early-education", "library", "sports"])
def test_what_did_not_change_is_not_written_again(slug: str) -> None:
    person = arrive("mikael")
    first = pull(slug)
    told = kinds(about=person)
    again = pull(slug, nights=1)
    assert first.changed > 0
    assert counts(again) == (first.changed, 0, 0)
    assert kinds(about=person) == told
    with scope(Role.WORKER):
        aged = with_age(Sheet.objects.all())
        assert set(aged.values_list("changed_at", "as_of")) == {(NIGHT, NIGHT + timedelta(days=1))}


def test_a_change_and_a_removal_at_the_source_reach_the_sheet_and_the_log(city: City) -> None:
    person = arrive("mikael")
    pull("early-education")
    database, code = city.early_education, CODES["mikael"]
    mine = "guardian_id = (SELECT id FROM guardian WHERE social_security_number = %s)"
    with database.transaction(force_rollback=False):
        kept = database.execute(f"SELECT * FROM income WHERE {mine}", [code]).fetchall()
        database.execute(f"UPDATE fee_decision SET total_cents = total_cents + 1 WHERE {mine}", [code])
        database.execute(f"DELETE FROM income WHERE {mine}", [code])
    try:
        done = pull("early-education", nights=7)
    finally:
        database.execute(f"UPDATE fee_decision SET total_cents = total_cents - 1 WHERE {mine}", [code])
        for row in kept:
            database.execute("INSERT INTO income VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
    assert (done.changed, done.removed) == (1, 1)
    assert kinds(about=person)[-2:] == [f"sheet_changed {FEES}", "sheet_removed early-education-incomes"]


def test_people_who_are_not_here_are_passed_over_and_only_counted() -> None:
    arrive("raili")
    done = pull("sports")
    with scope(Role.WORKER):
        assert Sheet.objects.values("person_id").distinct().count() == 1
    assert (done.people_passed_over > 100, done.rows_read > done.people_passed_over) == (True, True)


def test_someone_who_has_not_been_here_for_two_years_is_passed_over_and_let_go() -> None:
    person = arrive("raili")
    first = pull("sports")
    done = pull("sports", nights=731)
    assert (first.changed > 0, counts(done)) == (True, (0, 0, first.changed))
    assert (sheets(), kinds(about=person)[-1].split()[0]) == ({}, "sheet_removed")


def test_a_sheet_that_was_not_renewed_expires() -> None:
    arrive("raili")
    pull("sports")
    held = len(sheets())
    assert (held > 0, expire_sheets(by=BY, at=NIGHT + timedelta(days=29))) == (True, 0)
    assert (expire_sheets(by=BY, at=NIGHT + timedelta(days=31), at_once=2), sheets()) == (held, {})


def test_the_pull_leaves_one_entry_with_its_counts() -> None:
    arrive("raili")
    done = pull("sports")
    with scope(Role.WORKER):
        entry = Entry.objects.get(kind="datasources.pulled")
    assert (entry.reference, entry.department) == (str(done.pk), "sports")
    assert entry.counts["changed"] == done.changed


def test_the_nightly_round_asks_each_source_once() -> None:
    for _ in range(2):
        ask_for_every_pull(by=BY, at=NIGHT)
    with scope(Role.WORKER):
        asked = [job.arguments["source_id"] for job in Job.objects.filter(name="datasources.pull_source")]
    assert sorted(asked) == sorted(str(source(slug).pk) for slug in ("early-education", "library", "sports"))
