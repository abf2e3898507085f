"""Answers for a child: two guardians, the child's own age, and handing over."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from consents.actions import answering
from consents.enums import ConsentState as S
from consents.errors import FieldsNotOffered, NotAsked, NotYours
from consents.models import Consent, Purpose
from consents.queries.asking import asked_and_answered
from consents.rules.acting import Says
from consents.rules.deciding import decide
from portal.ledger.actions import sequence
from portal.ledger.actor import Actor, Right, acting_for, resident
from portal.ledger.queries import entries_about
from portal.walls import Role, scope
from tests.consents.asked import DATASET, NEEDED, NOW, OPTIONAL, YEAR, Asked

pytestmark = pytest.mark.django_db
BORN = date(2018, 5, 1)
HOUR = timedelta(hours=1)


class Family:
    """A child who is asked, a mother and a father; both decide unless told otherwise."""

    def __init__(self, *, born: date = BORN) -> None:
        self.asked, self.born = Asked(), born
        self.child = self.asked.person
        self.mother, self.father = uuid4(), uuid4()

    def says(self, who: UUID, *others: UUID | str) -> Says:
        return Says("guardian", self.born, frozenset(map(str, others)))

    def do(self, verb: str, who: UUID, *others: UUID | str, hours: int = 1, **more: object) -> Consent:
        """As a guardian, who must agree with `others`."""
        by = acting_for(who, Right.GUARDIAN)
        return self._do(verb, by, self.says(who, *others), hours=hours, **more)

    def myself(self, verb: str, *, hours: int = 1, **more: object) -> Consent:
        """As the child."""
        return self._do(verb, resident(self.child), Says("own", self.born), hours=hours, **more)

    def _do(self, verb: str, by: Actor, says: Says, *, hours: int, **more: object) -> Consent:
        with scope(Role.RESIDENT, persons=[self.child]):
            shown, at = self.asked.shown(), NOW + hours * HOUR
            done: Consent = getattr(answering, verb)(self.asked.id, shown=shown, says=says, by=by, at=at, **more)
        return done

    @property
    def state(self) -> str:
        return self.asked.consent.state

    def may(self, *, hours: int = 2) -> bool:
        slug = self.asked.purpose.slug
        with scope(Role.RESIDENT, persons=[self.child]):
            found = asked_and_answered(slug)()
            assert found is not None
            purpose, consent = found[0], found[1].get(self.child.int)
            recipient, at = purpose.recipient, NOW + hours * HOUR
            return decide(purpose, DATASET, recipient=recipient, held=True, consent=consent, holds=(), at=at).allowed


@pytest.fixture
def family(city: None) -> Family:
    return Family()


def test_one_guardian_alone_gives(family: Family) -> None:
    family.do("give", family.mother)
    assert (family.state, family.may(), family.asked.astray()) == (S.GIVEN, True, [])


def test_two_guardians_give_together(family: Family) -> None:
    half = family.do("give", family.mother, family.father)
    assert (half.state, family.may()) == (S.PENDING, False)
    assert half.valid_until == NOW + HOUR + timedelta(days=60)
    whole = family.do("give", family.father, family.mother, hours=2)
    assert (whole.state, family.may(hours=3), whole.valid_until) == (S.GIVEN, True, NOW + 2 * HOUR + YEAR)
    assert family.asked.astray() == []
    assert [event.actor_id for event in family.asked.events[1:]] == [str(family.mother), str(family.father)]
    assert {event.actor_right for event in family.asked.events[1:]} == {"guardian"}


def test_it_covers_what_both_chose(family: Family) -> None:
    family.do("give", family.mother, family.father, optional=OPTIONAL)
    whole = family.do("give", family.father, family.mother, optional=OPTIONAL[:1], hours=2)
    assert set(whole.fields) == {*NEEDED, OPTIONAL[0]}


def test_a_second_press_of_the_same_guardian_is_nothing(family: Family) -> None:
    family.do("give", family.mother, family.father)
    family.do("give", family.mother, family.father, hours=2)
    assert (family.state, len(family.asked.events)) == (S.PENDING, 2)


@pytest.mark.parametrize("who", ["mother", "father"])
@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_one_no_is_a_no_while_it_waits(verb: str, who: str, family: Family) -> None:
    family.do("give", family.mother, family.father)
    one, other = (family.mother, family.father) if who == "mother" else (family.father, family.mother)
    family.do(verb, one, other, hours=2)
    assert (family.state, family.may(hours=3)) == (S.REFUSED if verb == "refuse" else S.WITHDRAWN, False)


def test_either_takes_back_what_both_gave(family: Family) -> None:
    family.do("give", family.mother, family.father)
    family.do("give", family.father, family.mother, hours=2)
    family.do("withdraw", family.father, family.mother, hours=3)
    assert (family.state, family.may(hours=4)) == (S.WITHDRAWN, False)


def test_a_yes_from_before_an_end_does_not_count(family: Family) -> None:
    family.do("give", family.mother, family.father)
    family.do("withdraw", family.mother, family.father, hours=2)
    again = family.do("give", family.father, family.mother, hours=3)
    assert again.state == S.PENDING


def test_a_half_yes_runs_out_after_sixty_days_and_starts_anew(family: Family) -> None:
    family.do("give", family.mother, family.father)
    assert family.asked.expire_due(at=NOW + HOUR + timedelta(days=60)) == 1
    assert family.state == S.EXPIRED
    again = family.do("give", family.father, family.mother, hours=24 * 61)
    assert again.state == S.PENDING


def test_a_half_yes_that_ran_out_counts_no_more_though_no_job_came_by(family: Family) -> None:
    family.do("give", family.mother, family.father, optional=OPTIONAL[:1])
    late = family.do("give", family.father, family.mother, optional=OPTIONAL, hours=24 * 61)
    assert (late.state, set(late.fields)) == (S.PENDING, {*NEEDED, *OPTIONAL})
    assert [event.state for event in family.asked.events] == [S.REQUESTED, S.PENDING, S.EXPIRED, S.PENDING]


def test_who_was_never_here_has_not_agreed(family: Family) -> None:
    assert family.do("give", family.mother, "").state == S.PENDING
    assert family.do("give", family.father, family.mother, "", hours=2).state == S.PENDING


def test_when_nobody_else_decides_any_more_the_same_guardian_completes_it(family: Family) -> None:
    family.do("give", family.mother, family.father, optional=OPTIONAL[:1])
    whole = family.do("give", family.mother, optional=OPTIONAL, hours=2)
    assert (whole.state, set(whole.fields)) == (S.GIVEN, {*NEEDED, OPTIONAL[0]})


def test_three_guardians_say_yes(family: Family) -> None:
    third = uuid4()
    family.do("give", family.mother, family.father, third)
    assert family.do("give", third, family.mother, family.father, hours=2).state == S.PENDING
    assert family.do("give", family.father, family.mother, third, hours=3).state == S.GIVEN


def test_of_two_one_leaves_out_and_nobody_alone_takes_in_or_renews(family: Family) -> None:
    family.do("give", family.mother, family.father, optional=OPTIONAL)
    family.do("give", family.father, family.mother, optional=OPTIONAL, hours=2)
    family.do("change", family.mother, family.father, optional=OPTIONAL[:1], hours=3)
    assert set(family.asked.consent.fields) == {*NEEDED, OPTIONAL[0]}
    with pytest.raises(FieldsNotOffered):
        family.do("change", family.father, family.mother, optional=OPTIONAL, hours=4)
    with pytest.raises(NotYours):
        family.do("renew", family.father, family.mother, hours=24 * 360)


def test_a_small_child_does_not_answer_but_may_take_back(family: Family) -> None:
    with pytest.raises(NotYours):
        family.myself("give")
    family.do("give", family.mother)
    with pytest.raises(NotYours):
        family.myself("refuse", hours=2)
    assert family.myself("withdraw", hours=2).state == S.WITHDRAWN


@pytest.mark.parametrize("verb", ["give", "refuse"])
def test_a_guardian_does_not_answer_for_whoever_decides_themselves(verb: str, city: None) -> None:
    family = Family(born=date(2011, 11, 24))
    with pytest.raises(NotYours):
        family.do(verb, family.mother)
    assert family.myself("give").state == S.GIVEN
    with pytest.raises(NotYours):
        family.do("withdraw", family.mother, hours=2)
    assert family.state == S.GIVEN


def test_a_right_that_is_not_the_actors_is_refused(family: Family) -> None:
    by, shown = acting_for(family.mother, Right.GUARDIAN), family.asked.shown()
    with scope(Role.RESIDENT, persons=[family.child]), pytest.raises(NotYours):
        answering.give(family.asked.id, shown=shown, by=by, at=NOW + HOUR)


def test_a_guardians_yes_lapses_sixty_days_after_the_young_person_decides(city: None) -> None:
    family = Family(born=date(2013, 12, 1))
    given = family.do("give", family.mother)
    # Thirteen on 1 December 2026.
    assert given.valid_until is not None
    assert given.valid_until.isoformat() == "2027-01-30T00:00:00+02:00"


def test_the_young_person_is_asked_and_takes_the_permission_over(city: None) -> None:
    family = Family(born=date(2013, 12, 1))
    family.do("give", family.mother)
    with pytest.raises(NotYours):
        family.myself("give")
    own = family.myself("give", hours=24 * 10)
    assert own.state == S.GIVEN
    assert own.valid_until == NOW + timedelta(days=10) + YEAR
    assert [event.actor_right for event in family.asked.events] == ["system", "guardian", "own"]
    assert family.myself("give", hours=24 * 11).valid_until == own.valid_until
    with pytest.raises(NotAsked):
        family.myself("refuse", hours=24 * 11)


def test_the_young_person_may_say_no_to_what_a_guardian_allowed(city: None) -> None:
    family = Family(born=date(2013, 12, 1))
    family.do("give", family.mother)
    assert family.myself("refuse", hours=24 * 10).state == S.REFUSED


def test_each_entry_tells_whose_data_who_and_by_which_right(family: Family) -> None:
    family.do("give", family.mother, family.father)
    with scope(Role.WORKER):
        sequence(at=NOW + 2 * HOUR)
    with scope(Role.RESIDENT, persons=[family.child]):
        entry = entries_about(family.child).get(kind="consents.half_given")
    assert (entry.subject, entry.actor_id, entry.actor_right) == (family.child, str(family.mother), "guardian")


def beside(family: Family) -> Family:
    """A guardian may answer, too."""
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=family.asked.purpose.pk).update(guardian_too=True)
    return family


def test_beside_a_young_person_a_guardian_answers_what_they_have_not_answered(city: None) -> None:
    family = beside(Family(born=date(2010, 3, 1)))
    assert family.do("give", family.mother).state == S.GIVEN
    assert family.myself("refuse", hours=2).state == S.REFUSED
    for verb in ("give", "refuse"):
        with pytest.raises(NotYours):
            family.do(verb, family.mother, hours=3)
    assert (family.state, family.may(hours=4)) == (S.REFUSED, False)


def test_what_a_young_person_allowed_no_guardian_takes_back(city: None) -> None:
    family = beside(Family(born=date(2010, 3, 1)))
    family.myself("give")
    for verb in ("withdraw", "refuse"):
        with pytest.raises(NotYours):
            family.do(verb, family.mother, hours=2)
    assert family.state == S.GIVEN


def test_a_guardian_takes_back_what_they_once_allowed_though_the_child_now_decides(city: None) -> None:
    family = Family(born=date(2013, 12, 1))
    family.do("give", family.mother)
    assert family.do("withdraw", family.mother, hours=24 * 10).state == S.WITHDRAWN
