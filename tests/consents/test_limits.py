"""What is held back is not used: the rule against a small model, and checks, batches and disclosures that hold it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consents.actions.answering import give
from consents.actions.limiting import Wanted, hold_back, let_go_due, settle, tell_end
from consents.actions.traces import Shown
from consents.checking import check
from consents.disclosing import disclosing
from consents.enums import Ground, Reason
from consents.errors import NotOn
from consents.models import Announcement, Restriction
from consents.queries.reading import consents_of
from consents.rules.deciding import Hold, PurposeFacts, decide, decide_many
from consents.rules.limiting import NOTICE, Came, Then, may_object, then
from portal.ledger.actions import sequence
from portal.ledger.actor import Actor, ActorKind, Right, resident, system
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.people.subjects import by_code
from portal.walls import Role, pipelined, scope
from tests.residents import CODES, Resident, enter

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PURPOSE, DATASET = "swimming-reminders", "sports-courses"
SPORTS = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")
KEEPER = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="sports", role="keeper")
JOB = system("tests")
DATASETS = ("courses", "visits", "incomes")
FEES = PurposeFacts("fees", "c", "early", {"courses": ("course",), "incomes": ("income",)})
_holds = st.builds(
    Hold,
    st.sampled_from([Reason.RESTRICTED, Reason.OBJECTED]),
    st.none() | st.lists(st.sampled_from(DATASETS), unique=True).map(tuple),
)


@given(holds=st.lists(_holds, max_size=4), dataset=st.sampled_from(DATASETS), held=st.booleans())
def test_a_restriction_only_ever_turns_a_yes_into_a_no(holds: list[Hold], dataset: str, held: bool) -> None:
    """The small model: without any the answer stands; a no stays the no that it was; of two reasons the objection."""
    told = {"recipient": "early", "held": held, "consent": None, "at": NOW}
    without, with_them = decide(FEES, dataset, holds=(), **told), decide(FEES, dataset, holds=holds, **told)  # type: ignore[arg-type]
    meant = {hold.reason for hold in holds if hold.datasets is None or dataset in hold.datasets}
    if not without.allowed or not meant:
        assert with_them == without
    else:
        reason = Reason.OBJECTED if Reason.OBJECTED in meant else Reason.RESTRICTED
        assert (with_them.allowed, with_them.reason, with_them.fields) == (False, reason, ())


@given(st.lists(st.lists(_holds, max_size=2), min_size=1, max_size=5))
def test_many_with_restrictions_are_decided_about_as_each_alone(people: list[list[Hold]]) -> None:
    placed = {place: holds for place, holds in enumerate(people) if holds}
    many = decide_many(FEES, DATASETS, [None] * len(people), placed, recipient="early", at=NOW)
    told = {"recipient": "early", "held": True, "consent": None, "at": NOW}
    assert many == [
        tuple(decide(FEES, slug, holds=holds, **told) for slug in DATASETS)  # type: ignore[arg-type]
        for holds in people
    ]


@pytest.mark.parametrize(
    ("ground", "came", "follows"),
    [
        (Ground.ACCURACY, Came.GRANTED, Then.STAYS),
        (Ground.UNLAWFUL, Came.GRANTED, Then.STAYS),
        (Ground.NOT_ME, Came.GRANTED, Then.STAYS),
        (Ground.SITUATION, Came.GRANTED, Then.STANDS),
        (Ground.MARKETING, Came.GRANTED, Then.STANDS),
        *((ground, Came.REFUSED, Then.ENDS_AFTER_NOTICE) for ground in Ground if ground is not Ground.OPT_OUT),
        (Ground.OPT_OUT, Came.REFUSED, Then.STANDS),
        *((ground, Came.TAKEN_BACK, Then.ENDS_NOW) for ground in Ground),
    ],
)
def test_what_comes_of_it(ground: Ground, came: Came, follows: Then) -> None:
    assert then(ground, came) is follows


@pytest.mark.parametrize(
    ("bases", "may"), [("a", False), ("b", False), ("c", False), ("d", False), ("e", True), ("f", True), ("ce", True)]
)
def test_only_a_public_task_and_a_legitimate_interest_are_objected_to(bases: str, may: bool) -> None:
    assert may_object(bases) is may


@pytest.fixture
def raili(city: None) -> Resident:
    """She has said yes to the swimming reminders."""
    one = enter("raili")
    with scope(Role.RESIDENT, persons=[one.person]):
        asked = consents_of(one.person).get(purpose__slug=PURPOSE)
        give(asked.pk, shown=Shown(asked.text_id, "fi"), by=resident(one.person), at=timezone.now())
    return one


def held(one: Resident, ground: Ground = Ground.ACCURACY, *, at_once: bool = True, **what: str) -> Restriction:
    with scope(Role.RESIDENT, persons=[one.person]):
        wanted = Wanted("sports", ground, **what)
        by = resident(one.person)
        return hold_back(wanted, person=one.person, request=uuid4(), by=by, at=timezone.now(), at_once=at_once)


def settled(row: Restriction, came: Came) -> Then | None:
    with scope(Role.STAFF, persons=[row.person_id], departments=["sports"]):
        return settle(row.request, came, by=KEEPER, at=timezone.now())


def asked(*slugs: str) -> list[str]:
    """What a check tells of these people: the reason."""
    named = [by_code("sports", CODES[slug]) for slug in slugs]
    with scope(Role.API, lookups=[each.lookup for each in named]):
        told = check(PURPOSE, [DATASET], named, by=SPORTS, at=timezone.now())
    return [answer.way.reason.value for answer in told]


def disclosed() -> tuple[bool, str]:
    named = by_code("sports", CODES["raili"])
    with pipelined(), scope(Role.API, lookups=[named.lookup]):
        told = disclosing(PURPOSE, [DATASET], named, case="", by=SPORTS, at=timezone.now())()
    return told.parts[0].allowed, told.parts[0].reason.value


def heard() -> list[tuple[str, str, str, list[str], bool]]:
    with scope(Role.WORKER):
        rows = Announcement.objects.filter(kind__startswith="data.").order_by("happened_at", "department")
        return [(row.kind, row.department, row.purpose, row.datasets, row.due_at is not None) for row in rows]


@pytest.mark.parametrize("what", [{"purpose": PURPOSE}, {"dataset": DATASET}, {"register": "sports-customers"}])
def test_the_next_check_and_disclosure_say_no_and_those_of_others_yes(what: dict[str, str], raili: Resident) -> None:
    otso = enter("otso")
    with scope(Role.RESIDENT, persons=[otso.person]):
        his = consents_of(otso.person).get(purpose__slug=PURPOSE)
        give(his.pk, shown=Shown(his.text_id, "fi"), by=resident(otso.person), at=timezone.now())
    yes = "allowed_by_consent"
    assert (asked("raili", "otso"), disclosed()) == ([yes, yes], (True, yes))
    row = held(raili, Ground.ACCURACY, at_once=True, **what)
    assert (asked("raili", "otso"), disclosed()) == (["restricted", yes], (False, "restricted"))
    assert settled(row, Came.TAKEN_BACK) is Then.ENDS_NOW
    assert (asked("raili", "otso"), disclosed()) == ([yes, yes], (True, yes))


def test_another_purpose_and_another_register_are_left_alone(raili: Resident) -> None:
    held(raili, purpose="another-purpose")
    held(raili, register="library-customers")
    held(raili, dataset="sports-visits")
    assert asked("raili") == ["allowed_by_consent"]


@pytest.mark.parametrize("ground", [Ground.SITUATION, Ground.MARKETING])
def test_an_objection_is_weighed_while_the_data_is_restricted(ground: Ground, raili: Resident) -> None:
    """What is not marked as direct marketing, too: somebody takes it for that."""
    weighed = held(raili, ground, purpose=PURPOSE)
    assert asked("raili") == ["restricted"]
    assert settled(weighed, Came.GRANTED) is Then.STANDS
    assert asked("raili") == ["objected"]


def test_what_another_asked_begins_when_it_is_granted(raili: Resident) -> None:
    row = held(raili, at_once=False, purpose=PURPOSE)
    assert (asked("raili"), heard()) == (["allowed_by_consent"], [])
    settled(row, Came.GRANTED)
    assert (asked("raili"), len(heard())) == (["restricted"], 1)


def test_a_refusal_is_told_first_and_ends_it_only_later(raili: Resident) -> None:
    row = held(raili, purpose=PURPOSE)
    assert settled(row, Came.REFUSED) is Then.ENDS_AFTER_NOTICE
    with scope(Role.WORKER):
        told = Restriction.objects.get()
        assert told.lifts_at is not None
        assert told.told_at is not None
        assert told.lifts_at - told.told_at == NOTICE
        assert Notice.objects.filter(person_id=raili.person, kind="limit_ends", at_desk=False).count() == 1
        assert let_go_due(by=JOB, at=told.lifts_at - timedelta(seconds=1)) == 0
    assert asked("raili") == ["restricted"]
    with scope(Role.WORKER):
        assert let_go_due(by=JOB, at=told.lifts_at) == 1
        assert let_go_due(by=JOB, at=told.lifts_at) == 0
        sequence(at=timezone.now())
        kinds = ["consents.held_back", "consents.end_told", "consents.let_go"]
        found = Entry.objects.filter(subject=raili.person, kind__in=kinds).order_by("index")
        assert [entry.kind for entry in found] == kinds
    assert asked("raili") == ["allowed_by_consent"]


def test_its_end_is_told_once(raili: Resident) -> None:
    row = held(raili, purpose=PURPOSE)
    with scope(Role.STAFF, persons=[raili.person], departments=["sports"]):
        tell_end(row, by=KEEPER, at=timezone.now())
        with pytest.raises(NotOn):
            tell_end(row, by=KEEPER, at=timezone.now())


def test_its_keeper_and_whoever_may_use_it_hear_of_it_and_are_to_act(raili: Resident) -> None:
    row = held(raili, register="sports-customers")
    settled(row, Came.TAKEN_BACK)
    held(raili, purpose=PURPOSE)
    told = heard()
    assert {row[1] for row in told} == {"sports"}
    assert [(kind, purpose, must_act) for kind, _, purpose, _, must_act in told] == [
        ("data.restricted", "", True),
        ("data.freed", "", False),
        ("data.restricted", PURPOSE, True),
    ]
    assert DATASET in told[0][3]


@pytest.mark.parametrize(("departments", "seen"), [(["sports"], 1), (["library"], 0), (["*"], 1), ([], 0)])
def test_staff_see_what_is_held_back_in_their_own_departments(
    departments: list[str], seen: int, raili: Resident
) -> None:
    held(raili, purpose=PURPOSE)
    with scope(Role.STAFF, departments=departments):
        assert Restriction.objects.count() == seen


def test_a_department_system_sees_nothing_of_those_it_did_not_name(raili: Resident) -> None:
    held(raili, purpose=PURPOSE)
    with scope(Role.API, lookups=[by_code("sports", CODES["otso"]).lookup]):
        assert Restriction.objects.count() == 0


def test_what_is_read_for_a_check_is_found_by_its_index(raili: Resident) -> None:
    held(raili, purpose=PURPOSE)
    read = "EXPLAIN SELECT purpose, register, dataset FROM consents_restriction WHERE person_id = ANY (%s) "
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{read} AND begins_at IS NOT NULL AND lifted_at IS NULL", [[UUID(int=1)]])
        assert "restriction_decide" in "\n".join(line for (line,) in cursor.fetchall())
