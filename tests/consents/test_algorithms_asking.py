"""An algorithm asks: which may, which may decide, and whom it may not use any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.limiting import Wanted, hold_back, settle
from consents.actions.reporting import Stopped, Use, note_stopped, report_uses
from consents.actions.requesting import request_consent
from consents.actions.traces import Shown
from consents.checking import check
from consents.disclosing import disclosing
from consents.enums import Ground
from consents.models import Purpose, Restriction
from consents.queries.reading import consents_of
from consents.rules.limiting import Came
from consents.rules.programs import Misuse, Outcome, Program, basis_to_object_by, misuse
from portal.ledger.actor import resident, system
from portal.ledger.models import Entry
from portal.people.subjects import by_code
from portal.walls import Role, pipelined, scope
from tests.consents.test_limits import KEEPER, SPORTS
from tests.residents import CODES, Resident, enter

ALGORITHM = PURPOSE = "exercise-group-suggestion"
DATASET = "sports-courses"
THEN = datetime(2026, 9, 1, tzinfo=UTC)
BEFORE, AFTER = THEN - timedelta(days=1), THEN + timedelta(days=1)


def program(state: str = "in_use", *, decides: bool = False) -> Program:
    changes = [(BEFORE - timedelta(days=9), "in_use"), (THEN, state)]
    return Program("one", 1, state, decides, {"asked": "a", "task": "e", "law": "c"}, changes)


@pytest.mark.parametrize(
    ("state", "purpose", "at", "why"),
    [
        *((state, "task", AFTER, None) for state in ("pilot", "in_use")),
        *((state, "task", AFTER, Misuse.NOT_RUNNING) for state in ("idea", "paused", "retired", "historical")),
        ("paused", "task", BEFORE, None),
        ("paused", "task", BEFORE - timedelta(days=99), Misuse.NOT_RUNNING),
        ("in_use", "another", AFTER, Misuse.NOT_COVERED),
    ],
)
def test_only_what_runs_or_ran_then_may_be_named(state: str, purpose: str, at: datetime, why: Misuse | None) -> None:
    assert misuse(program(state), purpose, used_at=at) is why
    assert misuse(None, purpose, used_at=at) is Misuse.UNKNOWN


@pytest.mark.parametrize(
    ("purpose", "decides", "why"),
    [
        ("law", True, None),
        ("task", True, None),
        ("asked", True, Misuse.MAY_NOT_DECIDE),
        ("law", False, Misuse.MAY_NOT_DECIDE),
        ("asked", False, Misuse.MAY_NOT_DECIDE),
    ],
)
def test_it_decides_by_itself_only_where_the_law_and_its_entry_let_it(
    purpose: str, decides: bool, why: Misuse | None
) -> None:
    one = program(decides=decides)
    assert misuse(one, purpose, used_at=AFTER, decided=True) is why
    assert misuse(one, purpose, used_at=AFTER) is None


@pytest.mark.parametrize(
    ("bases", "by"), [("", ""), ("c", ""), ("a", "a"), ("ca", "a"), ("ae", "e"), ("fe", "e"), ("cf", "f")]
)
def test_by_which_basis_it_is_stopped(bases: str, by: str) -> None:
    assert basis_to_object_by(list(bases)) == by


@pytest.fixture
def veikko(city: None) -> Resident:
    """He has said yes to suggestions of an exercise group."""
    one = enter("veikko")
    with scope(Role.WORKER, persons=[one.person]):
        request_consent(Purpose.objects.get(slug=PURPOSE), person=one.person, by=system("tests"), at=timezone.now())
    with scope(Role.RESIDENT, persons=[one.person]):
        asked = consents_of(one.person).get(purpose__slug=PURPOSE)
        give(asked.pk, shown=Shown(asked.text_id, "fi"), by=resident(one.person), at=timezone.now())
    return one


def stopped(one: Resident, ground: Ground = Ground.OPT_OUT, algorithm: str = ALGORITHM) -> Restriction:
    with scope(Role.RESIDENT, persons=[one.person]):
        wanted = Wanted("sports", ground, algorithm=algorithm)
        return hold_back(wanted, person=one.person, request=uuid4(), by=resident(one.person), at=timezone.now())


def checked(algorithm: str = "") -> str:
    named = [by_code("sports", CODES["veikko"])]
    with scope(Role.API, lookups=[each.lookup for each in named]):
        told = check(PURPOSE, [DATASET], named, by=SPORTS, at=timezone.now(), algorithm=algorithm)
    return str(told[0].way.reason.value)


def given(algorithm: str = "") -> str:
    named = by_code("sports", CODES["veikko"])
    with pipelined(), scope(Role.API, lookups=[named.lookup]):
        read = disclosing(PURPOSE, [DATASET], named, case="", by=SPORTS, at=timezone.now(), algorithm=algorithm)
        return str(read().parts[0].reason.value)


def use(*, at: datetime) -> Use:
    outcome = Outcome({"fi": "x"}, [{"fi": "x"}], "person", at)
    who = by_code("sports", CODES["veikko"])
    return Use(who, at, "Neuvonta", "neuvoja", PURPOSE, [DATASET], "", "", ALGORITHM, outcome)


def told(uses: list[Use]) -> None:
    with scope(Role.API, lookups=[each.who.lookup for each in uses]):
        report_uses(uses, by=SPORTS, at=timezone.now())


def kinds(one: Resident) -> list[tuple[str, dict[str, object]]]:
    with scope(Role.RESIDENT, persons=[one.person]):
        rows = Entry.objects.filter(subject=one.person, actor_kind="client").order_by("id")
        return [(row.kind.removeprefix("consents."), row.counts) for row in rows if "algorithm" in row.counts]


@pytest.mark.parametrize("asks", [checked, given])
def test_whoever_stops_it_is_left_alone_by_it_and_people_go_on(asks: Callable[[str], str], veikko: Resident) -> None:
    yes = "allowed_by_consent"
    assert (asks(""), asks(ALGORITHM)) == (yes, yes)
    row = stopped(veikko)
    assert (asks(""), asks(ALGORITHM)) == (yes, "objected")
    with scope(Role.STAFF, persons=[veikko.person], departments=["sports"]):
        settle(row.request, Came.REFUSED, by=KEEPER, at=timezone.now())
    assert asks(ALGORITHM) == "objected"
    with scope(Role.STAFF, persons=[veikko.person], departments=["sports"]):
        settle(row.request, Came.TAKEN_BACK, by=KEEPER, at=timezone.now())
    assert asks(ALGORITHM) == yes


def test_while_an_objection_is_weighed_it_is_restricted_and_another_algorithm_is_not(veikko: Resident) -> None:
    stopped(veikko, Ground.SITUATION, algorithm="preschool-place-proposal")
    assert checked(ALGORITHM) == "allowed_by_consent"
    stopped(veikko, Ground.SITUATION)
    assert checked(ALGORITHM) == "restricted"


def test_a_disclosure_says_for_which_algorithm_and_which_version_of_its_entry(veikko: Resident) -> None:
    given(ALGORITHM)
    stopped(veikko)
    given(ALGORITHM)
    named = {"algorithm": ALGORITHM, "version": 1}
    assert [(kind, {name: counts[name] for name in named}) for kind, counts in kinds(veikko)] == [
        ("algorithm_given", named),
        ("nothing_disclosed", named),
    ]


def test_what_came_after_the_objection_is_refused_and_noted_and_what_came_before_is_taken(veikko: Resident) -> None:
    before = timezone.now() - timedelta(minutes=1)
    stopped(veikko)
    after = use(at=timezone.now())
    with pytest.raises(Stopped) as fault:
        told([use(at=before), after])
    assert (fault.value.numbers, kinds(veikko)) == ([1], [])
    with scope(Role.API, lookups=[after.who.lookup]):
        note_stopped([use(at=before), after], [1], by=SPORTS, at=timezone.now())
    told([use(at=before)])
    assert [kind for kind, _ in kinds(veikko)] == ["algorithm_refused", "algorithm_used"]


def test_what_came_of_it_is_sealed(veikko: Resident) -> None:
    told([use(at=timezone.now())])
    with scope(Role.RESIDENT, persons=[veikko.person]):
        body = bytes(Entry.objects.get(subject=veikko.person, kind="consents.algorithm_used").body)
    assert (b"decided_by" in body, b"Neuvonta" in body, b'"algorithm":"exercise' in body) == (False, False, True)
