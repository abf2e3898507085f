"""What of a permission's life a person is noticed of, and when they are reminded of its end."""

from datetime import datetime, timedelta

import pytest

from consents.actions.noticing import notice_of
from consents.actions.reminding import Place, remind_due
from consents.enums import OldAnswers
from consents.kinds import ConsentEntry
from consents.models import Consent, Purpose
from consents.rules.reminding import due_reminder
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right
from portal.notices.models import Notice
from portal.walls import Role, scope
from tests.consents.asked import CITY, NOW, YEAR, Asked

DAY = timedelta(days=1)
CLERK = Actor(ActorKind.STAFF, "clerk-1", Right.OFFICE, unit="sports", role="clerk")


def noticed(asked: Asked) -> list[str]:
    with scope(Role.WORKER):
        return list(Notice.objects.filter(person_id=asked.person).order_by("at").values_list("kind", flat=True))


def remind(at: datetime, *, batch: int = 1000) -> None:
    after: Place | None = None
    while True:
        with scope(Role.WORKER):
            after = remind_due(after=after, by=CITY, at=at, batch=batch)
        if after is None:
            return


def test_a_question_an_end_and_a_taking_back_are_noticed_and_ones_own_answers_are_not(city: None) -> None:
    asked = Asked()
    asked.give(at=NOW + DAY)
    asked.suspend(at=NOW + 2 * DAY)
    asked.resume(at=NOW + 3 * DAY)
    asked.renew(at=NOW + YEAR - DAY)
    asked.withdraw(at=NOW + YEAR)
    asked.refuse(at=NOW + YEAR + DAY)
    assert noticed(asked) == ["question", "on_hold", "on_hold", "withdrawn"]


def test_an_end_by_time_and_by_another_text_are_noticed(city: None) -> None:
    asked = Asked()
    asked.give(at=NOW + DAY)
    asked.expire_due(at=NOW + DAY + YEAR)
    asked.give(at=NOW + DAY + YEAR + DAY)
    asked.publish(at=NOW + DAY + YEAR + 2 * DAY, old_answers=OldAnswers.ENDED)
    asked.settle(at=NOW + DAY + YEAR + 3 * DAY)
    told = noticed(asked)
    # The new question is of the same moment as the end of the old answer.
    assert (told[:2], "text_changed" in told[2:4]) == (["question", "ended"], True)


def test_only_a_taking_back_is_written_about_at_once(city: None) -> None:
    asked = Asked()
    asked.give(at=NOW + DAY)
    asked.withdraw(at=NOW + 2 * DAY)
    with scope(Role.WORKER):
        [job] = Job.objects.filter(name="notices.write_letter")
        assert job.arguments == {"notice_id": str(Notice.objects.get(kind="withdrawn").pk)}


def test_an_answer_that_staff_wrote_down_is_noticed_as_done_at_a_desk(city: None) -> None:
    asked = Asked()
    with scope(Role.STAFF, persons=[asked.person]):
        notice_of(ConsentEntry.GIVEN, Consent.objects.get(pk=asked.id), by=CLERK, at=NOW + DAY)
    with scope(Role.WORKER):
        assert list(Notice.objects.filter(person_id=asked.person).order_by("at").values_list("kind", "at_desk")) == [
            ("question", False),
            ("recorded", True),
        ]


def special(asked: Asked) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=asked.purpose.pk).update(special_category=True, remind_days=[30, 7])


@pytest.mark.parametrize(("health", "kinds"), [(False, ["ends_soon"]), (True, ["ends_in_30", "ends_in_7"])])
def test_an_end_is_reminded_of_once_and_of_health_twice(health: bool, kinds: list[str], city: None) -> None:
    asked = Asked()
    if health:
        special(asked)
    asked.give(at=NOW)
    for days in range(300, 366):
        remind(NOW + days * DAY)
    assert noticed(asked) == ["question", *kinds]


def test_a_renewed_permission_is_reminded_of_anew(city: None) -> None:
    asked = Asked()
    asked.give(at=NOW)
    remind(NOW + 340 * DAY)
    asked.renew(at=NOW + 341 * DAY)
    remind(NOW + 342 * DAY)
    remind(NOW + 341 * DAY + 340 * DAY)
    assert noticed(asked) == ["question", "ends_soon", "ends_soon"]


@pytest.mark.parametrize("people", [1, 3])
def test_a_round_goes_by_batches_and_leaves_nobody_out(people: int, city: None) -> None:
    everyone = [Asked() for _ in range(people)]
    for asked in everyone:
        asked.give(at=NOW)
    remind(NOW + 340 * DAY, batch=1)
    assert [noticed(asked) for asked in everyone] == [["question", "ends_soon"]] * people


@pytest.mark.parametrize(
    ("lasts", "days", "left", "told"),
    [
        (365, [30, 7], 31, None),
        (365, [30, 7], 30, 30),
        (365, [7, 30], 8, 30),
        (365, [30, 7], 7, 7),
        (365, [30, 7], 0, None),
        (365, [30], 7, 30),
        (365, [60, 1], 60, 60),
        (365, [60, 1], 61, None),
        (365, [], 7, None),
        (20, [30, 7], 20, None),
        (20, [30, 7], 7, 7),
        (20, [30], 7, None),
    ],
)
def test_a_reminder_stands_at_the_days_of_its_purpose(lasts: int, days: list[int], left: int, told: int | None) -> None:
    ends = NOW + lasts * DAY
    assert due_reminder(NOW, ends, days=days, at=ends - left * DAY) == told


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"remind_days": [60, 14, 3]}, ["ends_soon"] * 3),
        ({"remind_days": []}, []),
        ({"remind_days": [45, 30, 7], "special_category": True}, ["ends_sensitive", "ends_in_30", "ends_in_7"]),
    ],
)
def test_each_day_that_a_purpose_names_reminds_once(facts: dict[str, object], kinds: list[str], city: None) -> None:
    asked = Asked()
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=asked.purpose.pk).update(**facts)
    asked.give(at=NOW)
    for days in range(300, 366):
        remind(NOW + days * DAY)
    assert noticed(asked) == ["question", *kinds]


def test_only_what_is_on_is_reminded_of(city: None) -> None:
    asked = Asked()
    asked.give(at=NOW)
    asked.withdraw(at=NOW + 340 * DAY)
    remind(NOW + 341 * DAY)
    with scope(Role.WORKER):
        assert Consent.objects.get(pk=asked.id).valid_until is None
    assert noticed(asked) == ["question", "withdrawn"]
