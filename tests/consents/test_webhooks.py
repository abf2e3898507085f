"""A change is told to every webhook that wants to hear of it: signed, once for each, until it arrives."""

import json
import time
from datetime import timedelta

import pytest

from consents.api.changes import ChangeOut
from consents.enums import DeliveryFault
from consents.models import Announcement, Delivery, Telling
from consents.webhooks import keeping, owing, posting
from consents.webhooks.bodies import Change
from consents.webhooks.sending import BATCH
from demo.departments.signatures import verify
from portal.ledger.actor import Actor
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.hooked import (
    HOUR,
    SECOND,
    Hook,
    asked,
    client_id,
    deliveries,
    ear,
    entries,
    fresh,
    hook,
    jobs,
    made,
    numbered,
    sent,
    sports,
    system_of,
)

__all__ = ["asked", "ear", "sports"]

DAY = timedelta(days=1)


@pytest.mark.security("V4.1.5")
def test_a_message_is_a_row_of_the_feed_signed(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    assert sent(told.webhook) is False
    (request,) = ear.seen
    assert verify([told.secret], request.headers, request.body, now=NOW.timestamp())
    with scope(Role.WORKER):
        row = Announcement.objects.get()
    message = json.loads(request.body)
    assert (message["type"], message["timestamp"]) == ("consent.given", "2026-11-24T12:00:00Z")
    assert set(message) == {"type", "timestamp", "data"}
    assert set(message["data"]) == set(Change.__struct_fields__) == set(ChangeOut.__struct_fields__)
    assert (message["data"]["id"], message["data"]["purpose"]) == (str(row.pk), asked.purpose.slug)
    assert str(asked.person) not in request.body.decode()


def test_what_was_delivered_is_told_once_and_logged(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    sent(told.webhook)
    sent(told.webhook, at=NOW + HOUR)
    # Several are on their way at once: their order is not promised.
    assert sorted(json.loads(request.body)["type"] for request in ear.seen) == ["consent.given", "consent.withdrawn"]
    assert {row.status for row in deliveries(told.webhook)} == {204}
    assert fresh(told.webhook).last_success_at == NOW
    with scope(Role.WORKER):
        assert [row.told_at for row in Telling.objects.all()] == [NOW]
    assert [entry["counts"] for entry in entries("changes_sent")] == [{"changes": 2}]


def test_only_what_is_wanted_goes_to_those_who_may_hear_it(asked: Asked, ear: Hook) -> None:
    sports, library = system_of(), system_of("library")
    wanting = made(ear.url, sports, kinds=["consent.withdrawn"])
    made(ear.url, library)
    off = made(ear.url, sports)
    deaf = made(ear.url, system_of("sports"))
    with scope(Role.API, departments=["sports"]):
        keeping.change_webhook(off.webhook.pk, {"switched_on": False}, by=sports, at=NOW)
    with scope(Role.STAFF, departments=["*"]):
        Client.objects.filter(pk=deaf.webhook.client).update(switched_on=False)
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    with scope(Role.WORKER):
        owed = list(Delivery.objects.values_list("webhook", "kind"))
    assert owed == [(wanting.webhook.pk, "consent.withdrawn")]


def test_a_system_that_was_switched_off_is_sent_nothing_of_what_waited(asked: Asked, sports: Actor, ear: Hook) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.STAFF, departments=["*"]):
        Client.objects.filter(pk=client_id(sports)).update(switched_on=False)
    assert (sent(told.webhook), ear.seen) == (False, [])


@pytest.mark.parametrize("lost", [{"purposes": ["another-purpose"]}, {"scopes": ["webhooks"]}])
def test_what_the_city_takes_from_a_system_is_not_sent_nor_owed_any_more(
    lost: dict[str, list[str]], asked: Asked, sports: Actor, ear: Hook
) -> None:
    told = made(ear.url, sports)
    asked.give(at=NOW)
    numbered()
    with scope(Role.STAFF, departments=["*"]):
        Client.objects.filter(pk=client_id(sports)).update(**lost)
    with scope(Role.API, departments=["sports"]):
        owing.ping(told.webhook.pk, by=sports, at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    sent(told.webhook)
    assert [json.loads(request.body)["type"] for request in ear.seen] == ["ping"]
    assert [(row.kind, row.fault) for row in deliveries(told.webhook)] == [
        ("consent.given", DeliveryFault.UNTOLD),
        ("ping", ""),
    ]


def test_a_change_rings_each_webhook_once(asked: Asked, sports: Actor, ear: Hook) -> None:
    made(ear.url, sports)
    made(ear.url, sports)
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    assert jobs() == [NOW, NOW]


def test_what_fails_waits_longer_each_time_and_is_given_up_after_three_days(
    asked: Asked, sports: Actor, ear: Hook
) -> None:
    told, ear.status = made(ear.url, sports), 503
    asked.give(at=NOW)
    numbered()
    at, waits = NOW, []
    while (row := deliveries(told.webhook)[0]).given_up_at is None:
        at = max(row.due_at, fresh(told.webhook).resting_until_at or row.due_at)
        waits.append(at - NOW)
        sent(told.webhook, at=at)
    assert (row.given_up_at, row.status, row.fault) == (NOW + 3 * DAY, 503, DeliveryFault.ANSWER)
    assert (len(ear.seen), row.attempts) == (12, 12)
    assert waits == sorted(waits)
    assert len({request.headers["webhook-id"] for request in ear.seen}) == 1


def test_a_job_is_asked_for_when_the_next_try_is_due_and_no_second_one(asked: Asked, sports: Actor, ear: Hook) -> None:
    told, ear.status = made(ear.url, sports), 500
    asked.give(at=NOW)
    numbered()
    sent(told.webhook)
    first = jobs()[-1]
    sent(told.webhook, at=NOW + SECOND)
    assert len(jobs()) == 2
    assert NOW + 5 * SECOND <= first <= NOW + 6 * SECOND
    assert len(ear.seen) == 1


def test_an_address_that_answers_again_gets_all_that_waited(asked: Asked, sports: Actor, ear: Hook) -> None:
    told, ear.status = made(ear.url, sports), 500
    asked.give(at=NOW)
    numbered()
    sent(told.webhook)
    ear.status = 200
    sent(told.webhook, at=NOW + HOUR)
    row = fresh(told.webhook)
    assert (row.failures, row.failing_since_at, row.last_success_at) == (0, None, NOW + HOUR)
    assert deliveries(told.webhook)[0].delivered_at == NOW + HOUR


def test_the_address_that_says_gone_is_switched_off(asked: Asked, sports: Actor, ear: Hook) -> None:
    told, ear.status = made(ear.url, sports), 410
    asked.give(at=NOW)
    numbered()
    sent(told.webhook)
    row = fresh(told.webhook)
    assert (row.switched_on, row.switched_off_because, row.switched_off_at) == (False, "gone", NOW)
    assert [entry["counts"] for entry in entries("webhook_switched_off")] == [{"because": "gone"}]


@pytest.mark.security("V15.3.2")
def test_a_redirect_is_not_followed(asked: Asked, sports: Actor, ear: Hook) -> None:
    with hook() as inward:
        told, ear.status, ear.more = made(ear.url, sports), 302, {"Location": inward.url}
        asked.give(at=NOW)
        numbered()
        sent(told.webhook)
        assert (deliveries(told.webhook)[0].fault, inward.seen) == (DeliveryFault.REDIRECT, [])


def test_one_that_hangs_costs_ten_seconds_once_and_then_rests(
    asked: Asked, sports: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WITHIN", 0.5)
    with hook() as slow:
        slow.misbehave = lambda desk: time.sleep(3)  # noqa: ARG005
        told = made(slow.url, sports)
        with scope(Role.API, departments=["sports"]):
            for _ in range(2 * BATCH):
                owing.ping(told.webhook.pk, by=sports, at=NOW)
        began = time.monotonic()
        more = sent(told.webhook)
        assert (more, time.monotonic() - began < 2) == (False, True)
    rows = deliveries(told.webhook)
    tried = [row for row in rows if row.tried_at]
    assert {row.fault for row in tried} == {DeliveryFault.TIMEOUT}
    assert (len(tried), sum(row.attempts for row in rows)) == (4, 4)
    assert fresh(told.webhook).resting_until_at is not None


def test_an_answer_that_drips_is_cut_off_as_a_whole(
    asked: Asked, sports: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WITHIN", 0.6)

    def drip(desk: object) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
            desk.wfile.write(bytes([byte]))  # type: ignore[attr-defined]
            time.sleep(0.1)

    with hook() as slow:
        slow.misbehave = drip
        told = made(slow.url, sports)
        with scope(Role.API, departments=["sports"]):
            owing.ping(told.webhook.pk, by=sports, at=NOW)
        began = time.monotonic()
        sent(told.webhook)
        assert time.monotonic() - began < 2
    assert deliveries(told.webhook)[0].fault == DeliveryFault.TIMEOUT


def test_a_large_answer_is_not_read_to_its_end(asked: Asked, sports: Actor, ear: Hook) -> None:
    written: list[int] = []

    def pour(desk: object) -> None:
        desk.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")  # type: ignore[attr-defined]
        for _ in range(500):
            written.append(desk.wfile.write(b"x" * (1 << 16)))  # type: ignore[attr-defined]

    told, ear.misbehave = made(ear.url, sports), pour
    with scope(Role.API, departments=["sports"]):
        owing.ping(told.webhook.pk, by=sports, at=NOW)
    sent(told.webhook)
    assert deliveries(told.webhook)[0].delivered_at == NOW
    assert sum(written) < 500 * (1 << 16)
