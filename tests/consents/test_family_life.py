"""Two guardians and a child's permission against a small model: whoever presses what, while custody changes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from consents.enums import ConsentState as S
from consents.errors import ConsentFault
from tests.consents.asked import NEEDED, NOW, OPTIONAL, YEAR
from tests.consents.test_guardians import Family
from tests.examples import examples

CHOICES = st.sets(st.sampled_from(OPTIONAL))
WHO = st.sampled_from(["mother", "father"])
WAIT = timedelta(days=60)


class Model:
    """What the family would say: who said yes since the last end, what that covers, and until when."""

    def __init__(self) -> None:
        self.state, self.yes = S.REQUESTED, set[str]()
        self.covers: set[str] = set()
        self.ends: datetime | None = None

    def end(self, state: S) -> None:
        self.state, self.yes, self.covers, self.ends = state, set(), set(), None

    def give(self, who: str, chosen: Iterable[str], *, others: set[str], at: datetime) -> None:
        if self.state is S.GIVEN:
            return
        if self.state is S.PENDING and self.ends is not None and self.ends <= at:
            self.end(S.EXPIRED)
        half = self.state is S.PENDING
        if half and who in self.yes and not others <= self.yes:
            return
        self.covers = {*NEEDED, *(set(chosen) & self.covers if half else chosen)}
        whole = others <= self.yes
        self.yes.add(who)
        self.state, self.ends = (S.GIVEN, at + YEAR) if whole else (S.PENDING, at + WAIT)


class FamilyLife(RuleBasedStateMachine):
    """Each rule does it and tells the model; what the model would not let happen is refused."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.family, self.model = Family(), Model()
        self.guardians, self.hours = {"mother", "father"}, 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    @property
    def at(self) -> datetime:
        return NOW + timedelta(hours=self.hours)

    def _do(self, verb: str, who: str, **more: object) -> None:
        self.hours += 1
        others = [getattr(self.family, each) for each in self.guardians - {who}]
        self.family.do(verb, getattr(self.family, who), *others, hours=self.hours, **more)

    @rule(who=WHO, chosen=CHOICES, presses=st.integers(1, 2))
    def says_yes(self, who: str, chosen: set[str], presses: int) -> None:
        if who in self.guardians:
            for _ in range(presses):
                self._do("give", who, optional=sorted(chosen))
                self.model.give(who, chosen, others=self.guardians - {who}, at=self.at)

    @rule(who=WHO)
    def says_no(self, who: str) -> None:
        if who not in self.guardians:
            return
        if self.model.state is S.GIVEN:
            with pytest.raises(ConsentFault):
                self._do("refuse", who)
        else:
            self._do("refuse", who)
            self.model.end(S.REFUSED)

    @rule(who=WHO)
    def takes_back(self, who: str) -> None:
        if who not in self.guardians:
            return
        if self.model.state in {S.GIVEN, S.PENDING, S.WITHDRAWN}:
            self._do("withdraw", who)
            self.model.end(S.WITHDRAWN)
        else:
            with pytest.raises(ConsentFault):
                self._do("withdraw", who)

    @rule(who=WHO)
    def custody_changes(self, who: str) -> None:
        """One comes or goes; somebody is always there."""
        changed = self.guardians ^ {who}
        self.guardians = changed or self.guardians

    @rule(days=st.integers(1, 90), job=st.booleans())
    def time_goes_by(self, days: int, job: bool) -> None:
        self.hours += 24 * days
        if job:
            self.family.asked.expire_due(at=self.at)
            if self.model.ends is not None and self.model.ends <= self.at:
                self.model.end(S.EXPIRED)

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        stands = self.family.asked.consent
        assert (stands.state, set(stands.fields), stands.valid_until) == (
            self.model.state,
            self.model.covers,
            self.model.ends,
        )
        on = self.model.state is S.GIVEN and self.model.ends is not None and self.at < self.model.ends
        assert self.family.may(hours=self.hours) is on

    @invariant()
    def the_events_tell_the_same(self) -> None:
        assert self.family.asked.astray() == []


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_the_life_of_a_childs_permission(city: None) -> None:
    run_state_machine_as_test(
        FamilyLife,
        settings=settings(
            max_examples=examples(25), stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
