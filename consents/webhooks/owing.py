"""What is owed to webhooks: a message for each numbered change that they want to hear of, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consents.errors import NoSuchWebhook, WebhookIsOff
from consents.models import Announcement, Delivery, Webhook
from consents.rules.delivering import wants
from consents.webhooks.bodies import PING
from consents.webhooks.ringing import ring_now
from portal.ledger.actor import Actor
from portal.rest.clients import Follower, listening_among


def owe(rows: Sequence[Announcement], *, at: datetime) -> None:
    """Messages for what has just been numbered, and a job for each webhook; within the worker's scope."""
    departments = {row.department for row in rows}
    listening = _listening(departments) if departments else []
    owed = [
        _message(webhook, row.kind, row, at=at)
        for webhook, system in listening
        for row in rows
        if row.department == webhook.department
        and wants(webhook.kinds, row.kind)
        and system.may_be_told_of(row.purpose)
    ]
    Delivery.objects.bulk_create(owed, batch_size=1000)
    told = {each.webhook_id for each in owed}
    for webhook, _ in listening:
        if webhook.pk in told:
            ring_now(webhook, at=at)


def _listening(departments: set[str]) -> list[tuple[Webhook, Follower]]:
    on = list(Webhook.objects.filter(switched_on=True, department__in=departments))
    let = listening_among({webhook.client for webhook in on})
    return [(webhook, let[webhook.client]) for webhook in on if webhook.client in let]


def _message(webhook: Webhook, kind: str, announcement: Announcement | None, *, at: datetime) -> Delivery:
    return Delivery(
        webhook=webhook,
        announcement=announcement,
        department=webhook.department,
        kind=kind,
        made_at=at,
        wanted_at=at,
        due_at=at,
    )


def ping(webhook: UUID, *, by: Actor, at: datetime) -> Delivery:
    """A message that says nothing, sent at once. Within the API's scope. NoSuchWebhook, WebhookIsOff."""
    row = _awake(webhook, by=by)
    message = _message(row, PING, None, at=at)
    message.save(force_insert=True)
    ring_now(row, at=at)
    return message


def redeliver(webhook: UUID, delivery: UUID, *, by: Actor, at: datetime) -> Delivery:
    """The same message under the same id, tried anew for three days. NoSuchWebhook, WebhookIsOff."""
    row = _awake(webhook, by=by)
    message = Delivery.objects.select_for_update().filter(pk=delivery, webhook=row).first()
    if message is None:
        raise NoSuchWebhook
    message.delivered_at = message.given_up_at = None
    message.wanted_at = message.due_at = at
    message.attempts = 0
    message.save(update_fields=["delivered_at", "given_up_at", "wanted_at", "due_at", "attempts"])
    ring_now(row, at=at)
    return message


def _awake(webhook: UUID, *, by: Actor) -> Webhook:
    """The system's own, with its rest cut short: whoever asks has mended something."""
    row = Webhook.objects.select_for_update().filter(pk=webhook, client=by.id).first()
    if row is None:
        raise NoSuchWebhook
    if not row.switched_on:
        raise WebhookIsOff
    row.resting_until_at = None
    row.save(update_fields=["resting_until_at"])
    return row
