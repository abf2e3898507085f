"""The life of a consent against a small model of it: whatever is pressed, in whatever order, by whatever clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from consents.enums import ConsentState as S
from consents.enums import OldAnswers
from consents.errors import ConsentFault
from consents.queries.asking import asked_and_answered
from consents.rules.deciding import decide
from portal.walls import Role, scope
from tests.consents.asked import DATASET, DAYS, NEEDED, NOW, OPTIONAL, Asked
from tests.examples import examples

CHOICES = st.sets(st.sampled_from(OPTIONAL))


class Model:
    """What a person would say has happened. `ends` is when a yes runs out, `rests` until when a no is left in peace."""

    def __init__(self) -> None:
        self.state, self.version, self.events = S.REQUESTED, 1, 1
        self.covers: set[str] = set()
        self.ends: datetime | None = None
        self.rests = NOW
        self.latest = NOW

    def on(self, at: datetime) -> bool:
        return self.state is S.GIVEN and self.ends is not None and at < self.ends

    def becomes(self, state: S, at: datetime, covers: set[str] | None = None, ends: datetime | None = None) -> None:
        self.latest = max(self.latest, at)
        self.state, self.events = state, self.events + 1
        self.covers, self.ends = covers or set(), ends
        self.rests = self.latest + timedelta(days=183)

    def goes_over_to(self, state: S, at: datetime) -> None:
        """On hold, or on again: nothing else about it changes."""
        self.latest = max(self.latest, at)
        self.state, self.events = state, self.events + 1


class Life(RuleBasedStateMachine):
    """Each rule does it and tells the model; what the model would not let happen must be refused and change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.asked, self.model = Asked(), Model()
        self.now, self.published = NOW, 1
        self.old_text = self.asked.text

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    def moment(self) -> datetime:
        """When something done now happened: never before what was done last."""
        return max(self.now, self.model.latest)

    def refused(self, act: Callable[[], object]) -> None:
        with pytest.raises(ConsentFault), transaction.atomic():
            act()

    @rule(days=st.sampled_from([0, 1, 100, 183, 320, 366]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, seconds=1)

    @precondition(lambda self: self.model.ends is not None and self.now < self.model.ends)
    @rule(before=st.sampled_from([timedelta(seconds=1), timedelta(0), timedelta(days=-1), timedelta(days=60)]))
    def the_end_comes_near(self, before: timedelta) -> None:
        self.now = max(self.now, (self.model.ends or self.now) - before)

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.now -= timedelta(hours=1)

    @rule(choice=CHOICES)
    def give(self, choice: set[str]) -> None:
        model = self.model
        if model.state is S.GIVEN and model.version == self.published:
            self.asked.give(sorted(choice), at=self.now)  # a second press: nothing
        elif model.state in {S.SUSPENDED, S.TERMINATED}:
            self.refused(lambda: self.asked.give(sorted(choice), at=self.now))
        else:
            self.asked.give(sorted(choice), at=self.now)
            at = self.moment()
            model.becomes(S.GIVEN, at, {*NEEDED, *choice}, at + timedelta(days=DAYS))
            model.version = self.published

    @rule()
    def give_what_was_not_offered(self) -> None:
        if self.model.state in {S.REQUESTED, S.REFUSED, S.WITHDRAWN, S.EXPIRED}:
            self.refused(lambda: self.asked.give(["sports-courses.fee_cents"], at=self.now))

    @rule(say=st.sampled_from(["give", "refuse"]))
    def answer_to_an_old_text(self, say: str) -> None:
        if self.published == 1 or self.model.state in {S.GIVEN, S.REFUSED}:
            return
        self.refused(lambda: getattr(self.asked, say)(at=self.now, text=self.old_text))

    @rule(choice=CHOICES)
    def change(self, choice: set[str]) -> None:
        if not self.model.on(self.now) or self.model.version < self.published:
            self.refused(lambda: self.asked.change(sorted(choice), at=self.now))
            return
        self.asked.change(sorted(choice), at=self.now)
        if self.model.covers != {*NEEDED, *choice}:
            self.model.becomes(S.GIVEN, self.moment(), {*NEEDED, *choice}, self.model.ends)

    @precondition(lambda self: self.model.on(self.now) and self.model.version == self.published)
    @rule()
    def change_nothing(self) -> None:
        self.asked.change(sorted(self.model.covers - set(NEEDED)), at=self.now)

    @rule()
    def renew(self) -> None:
        model = self.model
        renewable = model.on(self.now) and model.version == self.published
        if not renewable or model.ends is None or self.now < model.ends - timedelta(days=60):
            self.refused(lambda: self.asked.renew(at=self.now))
            return
        self.asked.renew(at=self.now)
        at = self.moment()
        model.becomes(S.GIVEN, at, model.covers, at + timedelta(days=DAYS))

    @rule()
    def refuse(self) -> None:
        model = self.model
        if model.state is S.REFUSED:
            self.asked.refuse(at=self.now)
        elif model.state in {S.SUSPENDED, S.TERMINATED} or (model.state is S.GIVEN and model.version == self.published):
            self.refused(lambda: self.asked.refuse(at=self.now))
        else:
            self.asked.refuse(at=self.now)
            model.becomes(S.REFUSED, self.moment())
            model.version = self.published

    @rule(times=st.sampled_from([1, 2]))
    def withdraw(self, times: int) -> None:
        if self.model.state not in {S.GIVEN, S.SUSPENDED, S.WITHDRAWN}:
            self.refused(lambda: self.asked.withdraw(at=self.now))
            return
        for _ in range(times):
            self.asked.withdraw(at=self.now)
        if self.model.state is not S.WITHDRAWN:
            self.model.becomes(S.WITHDRAWN, self.moment())

    @rule()
    def hold(self) -> None:
        if self.model.state not in {S.GIVEN, S.SUSPENDED}:
            self.refused(lambda: self.asked.suspend(at=self.now))
            return
        self.asked.suspend(at=self.now)
        if self.model.state is S.GIVEN:
            self.model.goes_over_to(S.SUSPENDED, self.moment())

    @rule()
    def let_go_on(self) -> None:
        if self.model.state not in {S.GIVEN, S.SUSPENDED}:
            self.refused(lambda: self.asked.resume(at=self.now))
            return
        self.asked.resume(at=self.now)
        if self.model.state is S.SUSPENDED:
            self.model.goes_over_to(S.GIVEN, self.moment())

    @rule()
    def the_job_comes_by(self) -> None:
        self.asked.expire_due(at=self.now)
        model = self.model
        if model.state in {S.GIVEN, S.SUSPENDED} and model.ends is not None and model.ends <= self.now:
            model.becomes(S.EXPIRED, self.moment())

    @rule(stand=st.booleans())
    def the_text_is_changed(self, stand: bool) -> None:
        self.asked.publish(at=self.now, old_answers=OldAnswers.ASKED_AGAIN if stand else OldAnswers.ENDED)
        self.published += 1
        if stand:
            return
        self.asked.settle(at=self.now)
        if self.model.state in {S.GIVEN, S.SUSPENDED}:
            self.model.becomes(S.SUPERSEDED, self.moment())
            self.model.becomes(S.REQUESTED, self.moment())
            self.model.version = self.published

    @rule()
    def ask(self) -> None:
        model = self.model
        if model.state in {S.REQUESTED, S.GIVEN}:
            self.asked.ask(at=self.now)
        elif (model.state in {S.REFUSED, S.WITHDRAWN} and self.now < model.rests) or model.state in {
            S.SUSPENDED,
            S.TERMINATED,
        }:
            self.refused(lambda: self.asked.ask(at=self.now))
        else:
            self.asked.ask(at=self.now)
            rests, at = model.rests, self.moment()
            model.becomes(S.REQUESTED, at)
            model.rests, model.version = rests, self.published

    @invariant()
    def the_row_is_what_the_model_says(self) -> None:
        consent, model = self.asked.consent, self.model
        assert (consent.state, set(consent.fields), consent.valid_until) == (model.state, model.covers, model.ends)
        events = self.asked.events
        assert [event.number for event in events] == list(range(1, model.events + 1))
        assert [event.at for event in events] == sorted(event.at for event in events)

    @invariant()
    def the_row_is_what_its_events_add_up_to(self) -> None:
        assert self.asked.astray() == []

    @invariant()
    def only_what_is_on_may_be_used(self) -> None:
        asked = self.asked
        with scope(Role.API), scope(Role.RESIDENT, persons=[asked.person]):
            found = asked_and_answered(asked.purpose.slug)()
        assert found is not None
        facts, held = found[0], found[1].get(asked.person.int)
        told = decide(facts, DATASET, recipient="sports", held=True, consent=held, holds=(), at=self.now)
        on = self.model.on(self.now) and asked.consent.valid_from <= self.now  # type: ignore[operator]
        assert told.allowed == on
        covered = {f"{DATASET}.{name}" for name in told.fields}
        assert covered == (self.model.covers if on else set())


@pytest.mark.hypothesis
def test_the_life_of_a_consent(city: None) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples(20),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
