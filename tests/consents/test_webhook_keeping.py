"""What is done beside the sending: taking over, giving up, switching off, changing keys, sending again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from consents.actions.acknowledging import acknowledge
from consents.enums import DeliveryFault
from consents.errors import NoSuchWebhook, NotToldOf
from consents.models import Announcement, Delivery, Webhook
from consents.tasks import tell_keeper
from consents.webhooks import keeping, minding, owing
from demo.departments.signatures import NotBelieved, verify
from portal.jobs.models import Job
from portal.ledger.actor import Actor
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.hooked import (
    HOUR,
    SECOND,
    WORKER,
    Hook,
    asked,
    deliveries,
    ear,
    fresh,
    hook,
    jobs,
    made,
    numbered,
    sent,
    sports,
)

__all__ = ["asked", "ear", "sports"]

DAY = timedelta(days=1)


def test_the_work_of_a_run_that_died_is_taken_over(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.WORKER):
        Webhook.objects.update(leased_until_at=NOW + 30 * SECOND)
    assert (sent(told.webhook, at=NOW + SECOND), ear.seen) == (False, [])
    assert jobs()[-1] == NOW + 30 * SECOND
    sent(told.webhook, at=NOW + 31 * SECOND)
    assert len(ear.seen) == 1


def test_after_a_week_of_failures_it_is_off_and_its_keeper_is_written_to(
    asked: Asked, sports: Actor, ear: Hook, settings: object
) -> None:
    settings.LETTERS_FROM, settings.EMAIL_BACKEND = "p@example.org", "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    told, ear.status = made(ear.url, sports), 500
    asked.give(at=NOW)
    numbered()
    sent(told.webhook)
    with scope(Role.WORKER):
        early = minding.switch_off_failing(by=WORKER, at=NOW + 7 * DAY - SECOND)
        late = minding.switch_off_failing(by=WORKER, at=NOW + 7 * DAY)
    assert (early, late, fresh(told.webhook).switched_off_because) == (0, 1, "failing")
    assert jobs("consents.tell_keeper") == [NOW + 7 * DAY]
    tell_keeper(webhook_id=str(told.webhook.pk))
    (letter,) = mail.outbox
    assert letter.to == ["courses@example.org"]
    assert "127.0.0.1" in letter.subject
    assert ear.url not in letter.body
    assert all(word in letter.body for word in ("Hei", "Hej", "Hello"))


def test_what_was_never_tried_is_given_up_as_well(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.WORKER):
        assert minding.give_up_old(by=WORKER, at=NOW + 3 * DAY - SECOND) == 0
        assert minding.give_up_old(by=WORKER, at=NOW + 3 * DAY) == 1
    sent(told.webhook, at=NOW + 3 * DAY)
    assert ear.seen == []


def test_a_lost_job_is_asked_for_anew(asked: Asked, sports: Actor, ear: Hook) -> None:
    made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.WORKER):
        Job.objects.filter(name="consents.deliver").delete()
        assert minding.ring_overdue(by=WORKER, at=NOW + SECOND) == 0
        assert minding.ring_overdue(by=WORKER, at=NOW + timedelta(minutes=2)) == 1
    assert len(jobs()) == 1


def test_old_messages_and_old_keys_are_forgotten(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    with scope(Role.API, departments=["sports"]):
        keeping.rotate_secret(told.webhook.pk, by=sports, at=NOW)
        owing.ping(told.webhook.pk, by=sports, at=NOW)
    sent(told.webhook)
    with scope(Role.WORKER):
        assert minding.forget_old(by=WORKER, at=NOW + 30 * DAY - SECOND) == 0
        assert minding.forget_old(by=WORKER, at=NOW + 30 * DAY) == 1
    assert fresh(told.webhook).older_secret is None


def test_a_message_is_sent_again_under_its_old_id(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    sent(told.webhook)
    (row,) = deliveries(told.webhook)
    with scope(Role.API, departments=["sports"]):
        owing.redeliver(told.webhook.pk, row.pk, by=sports, at=NOW + HOUR)
        with pytest.raises(NoSuchWebhook):
            owing.redeliver(told.webhook.pk, uuid4(), by=sports, at=NOW + HOUR)
    sent(told.webhook, at=NOW + HOUR)
    assert [request.headers["webhook-id"] for request in ear.seen] == [str(row.pk)] * 2
    assert ear.seen[0].body == ear.seen[1].body


def test_while_keys_change_either_verifies_and_afterwards_only_the_new_one(
    asked: Asked, sports: Actor, ear: Hook
) -> None:
    old = made(ear.url, sports)
    with scope(Role.API, departments=["sports"]):
        new = keeping.rotate_secret(old.webhook.pk, by=sports, at=NOW)
    for at in (NOW, NOW + DAY):
        with scope(Role.API, departments=["sports"]):
            owing.ping(old.webhook.pk, by=sports, at=at)
        sent(old.webhook, at=at)
    during, after = ear.seen
    for secret in (old.secret, new.secret):
        verify([secret], during.headers, during.body, now=NOW.timestamp())
    verify([new.secret], after.headers, after.body, now=(NOW + DAY).timestamp())
    with pytest.raises(NotBelieved):
        verify([old.secret], after.headers, after.body, now=(NOW + DAY).timestamp())


def test_a_system_may_act_before_the_portal_knows_that_it_was_told(asked: Asked, sports: Actor) -> None:
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    with hook() as ear:
        told = made(ear.url, sports, kinds=["consent.withdrawn"])
        numbered()
        change = deliveries(told.webhook)[0].announcement_id
        assert change
        with pytest.raises(NotToldOf), scope(Role.API, departments=["sports"]):
            acknowledge(change, by=sports, at=NOW + HOUR)
        with scope(Role.WORKER):
            Delivery.objects.update(attempts=1)
        with scope(Role.API, departments=["sports"]):
            assert acknowledge(change, by=sports, at=NOW + HOUR) == NOW + HOUR


def test_what_nobody_can_be_told_of_any_more_is_given_up(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.WORKER):
        Announcement.objects.update(subject=None)
    sent(told.webhook)
    (row,) = deliveries(told.webhook)
    assert (row.fault, row.given_up_at, ear.seen) == (DeliveryFault.UNTOLD, NOW, [])
