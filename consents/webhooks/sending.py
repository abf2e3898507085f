"""Sending what is owed to one webhook, a batch at a time: claimed, carried outside every transaction, then marked.

One run at a time holds a webhook, by a lease on its row; a run whose worker died is taken over when the lease is over.
A message may go twice then, under the same id. An address that hangs costs a run ten seconds, not ten for each message:
nothing further is begun after it, and the address rests.
"""

import random
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from consents.enums import DeliveryFault, SwitchedOff
from consents.kinds import ConsentEntry
from consents.models import Delivery, Telling, Webhook
from consents.rules.delivering import next_try, rest_until
from consents.webhooks.bodies import body_of
from consents.webhooks.keeping import switch_off
from consents.webhooks.posting import Outcome, Post
from consents.webhooks.ringing import ring_at, ring_for_next, waiting_for
from consents.webhooks.secrets import signing_secrets
from consents.webhooks.signing import headers
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.rest.clients import Follower, listening_among
from portal.walls import Role, scope

BATCH, IN_FLIGHT = 12, 4
# Longer than a batch can take: three messages one after the other, ten seconds each.
LEASE = timedelta(seconds=45)
_HANGS = {DeliveryFault.TIMEOUT, DeliveryFault.UNREACHABLE, DeliveryFault.INWARD}
_GONE = 410


@dataclass(frozen=True)
class _Batch:
    """Messages on their way: `bodies` by the id of the delivery."""

    url: str
    keys: Sequence[str] = field(repr=False)
    bodies: Mapping[UUID, bytes] = field(repr=False)
    timestamp: int


def send_batch(webhook: UUID, *, by: Actor, at: datetime) -> bool:
    """Send the next of what is due; True when more is due at once. Opens its own scopes."""
    with scope(Role.WORKER):
        batch = _claimed(webhook, at=at)
    if batch is None:
        return False
    outcomes = _carried(batch)
    with scope(Role.WORKER):
        return _marked(webhook, batch, outcomes, by=by, at=at)


def _claimed(pk: UUID, *, at: datetime) -> _Batch | None:
    webhook = Webhook.objects.select_for_update().filter(pk=pk, switched_on=True).first()
    system = listening_among({webhook.client}).get(webhook.client) if webhook else None
    if webhook is None or system is None:
        return None
    if webhook.leased_until_at and webhook.leased_until_at > at:
        ring_at(webhook, webhook.leased_until_at, at=at)
        return None
    if webhook.resting_until_at and webhook.resting_until_at > at:
        ring_for_next(webhook, at=at)
        return None
    due = waiting_for(webhook).filter(due_at__lte=at).select_related("announcement").order_by("due_at", "id")[:BATCH]
    told = {message.pk: body_of(message) if _may_be_told(system, message) else None for message in due}
    bodies = {message: body for message, body in told.items() if body is not None}
    _give_up([message for message in told if message not in bodies], at=at)
    if not bodies:
        ring_for_next(webhook, at=at)
        return None
    Delivery.objects.filter(pk__in=bodies).update(attempts=F("attempts") + 1)
    webhook.leased_until_at = at + LEASE
    webhook.save(update_fields=["leased_until_at"])
    return _Batch(webhook.url, signing_secrets(webhook, at=at), bodies, int(at.timestamp()))


def _may_be_told(system: Follower, message: Delivery) -> bool:
    """As the city lets it now, whatever it let when the change was numbered."""
    return message.announcement is None or system.may_be_told_of(message.announcement.purpose)


def _give_up(untold: Sequence[UUID], *, at: datetime) -> None:
    Delivery.objects.filter(pk__in=untold).update(given_up_at=at, fault=DeliveryFault.UNTOLD)


def _carried(batch: _Batch) -> dict[UUID, Outcome]:
    """What came of each that was tried; after one that hangs no other is begun."""
    hung = threading.Event()

    def one(message: UUID) -> Outcome | None:
        if hung.is_set():
            return None
        body = batch.bodies[message]
        outcome = post.send(batch.url, headers(batch.keys, str(message), batch.timestamp, body), body)
        if outcome.fault in _HANGS or outcome.status == _GONE:
            hung.set()
        return outcome

    with closing(Post()) as post, ThreadPoolExecutor(IN_FLIGHT) as threads:
        told = dict(zip(batch.bodies, threads.map(one, batch.bodies), strict=True))
    return {message: outcome for message, outcome in told.items() if outcome is not None}


def _marked(pk: UUID, batch: _Batch, outcomes: Mapping[UUID, Outcome], *, by: Actor, at: datetime) -> bool:
    webhook = Webhook.objects.select_for_update().filter(pk=pk).first()
    if webhook is None:
        return False
    Delivery.objects.filter(pk__in=set(batch.bodies) - set(outcomes), attempts__gt=0).update(attempts=F("attempts") - 1)
    messages = list(waiting_for(webhook).select_for_update(of=("self",)).filter(pk__in=outcomes))
    for message in messages:
        _mark(message, outcomes[message.pk], at=at)
    fields = ["tried_at", "took_ms", "status", "fault", "delivered_at", "given_up_at", "due_at"]
    Delivery.objects.bulk_update(messages, fields)
    _tell(webhook, [message for message in messages if message.delivered_at], by=by, at=at)
    _keep_account(webhook, outcomes, at=at)
    if any(outcome.status == _GONE for outcome in outcomes.values()):
        switch_off(webhook, SwitchedOff.GONE, by=by, at=at)
        return False
    ring_for_next(webhook, at=at)
    return webhook.resting_until_at is None and waiting_for(webhook).filter(due_at__lte=at).exists()


def _mark(message: Delivery, outcome: Outcome, *, at: datetime) -> None:
    message.tried_at, message.took_ms = at, outcome.took_ms
    message.status, message.fault = outcome.status, outcome.fault
    if not outcome.fault:
        message.delivered_at = at
        return
    luck = random.random()  # noqa: S311 - a wait, no secret
    again = next_try(message.attempts, wanted_at=message.wanted_at, at=at, luck=luck)
    message.due_at = again or message.due_at
    message.given_up_at = None if again else at


def _tell(webhook: Webhook, delivered: Sequence[Delivery], *, by: Actor, at: datetime) -> None:
    """The system has been told: its tellings say so, and the log."""
    changes = [message.announcement_id for message in delivered if message.announcement_id]
    if not changes:
        return
    told = Telling.objects.filter(client=webhook.client, announcement__in=changes, told_at=None)
    told.update(told_at=at)
    record(
        ConsentEntry.CHANGES_SENT,
        by=by,
        at=at,
        department=webhook.department,
        reference=str(webhook.pk),
        counts={"changes": len(changes)},
    )


def _keep_account(webhook: Webhook, outcomes: Mapping[UUID, Outcome], *, at: datetime) -> None:
    """Of how the address is. A batch without any success lets it rest."""
    webhook.leased_until_at = None
    if any(not outcome.fault for outcome in outcomes.values()):
        webhook.failures, webhook.failing_since_at, webhook.last_success_at = 0, None, at
        webhook.resting_until_at = None
    else:
        webhook.failures += 1
        webhook.failing_since_at = webhook.failing_since_at or at
        webhook.resting_until_at = rest_until(webhook.failures, at=at, luck=random.random())  # noqa: S311
    fields = ["leased_until_at", "failures", "failing_since_at", "last_success_at", "resting_until_at"]
    webhook.save(update_fields=fields)
