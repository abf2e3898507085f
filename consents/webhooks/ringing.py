"""Asking for a run of a webhook: one job at a time for what is to come, however much waits."""

from datetime import datetime

from django.db.models import Min, QuerySet

from consents.models import Delivery, Webhook
from portal.jobs.outbox import after_commit


def waiting_for(webhook: Webhook) -> "QuerySet[Delivery]":
    """Messages that are neither delivered nor given up."""
    return Delivery.objects.filter(webhook=webhook, delivered_at=None, given_up_at=None)


def ring_now(webhook: Webhook, *, at: datetime) -> None:
    """Whatever has been asked for already."""
    after_commit("consents.deliver", due_at=at, webhook_id=webhook.pk)


def ring_at(webhook: Webhook, when: datetime, *, at: datetime) -> None:
    """Unless a job is asked for that comes before; the row is locked by the caller."""
    coming = webhook.rung_for_at
    if coming is not None and at < coming <= when:
        return
    webhook.rung_for_at = when
    webhook.save(update_fields=["rung_for_at"])
    after_commit("consents.deliver", due_at=when, webhook_id=webhook.pk)


def ring_for_next(webhook: Webhook, *, at: datetime) -> None:
    """When the next message is due and the address has rested, if any message waits."""
    first = waiting_for(webhook).aggregate(first=Min("due_at"))["first"]
    if first is not None:
        ring_at(webhook, max(filter(None, (first, webhook.resting_until_at))), at=at)
