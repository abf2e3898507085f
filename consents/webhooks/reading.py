"""Webhooks and their messages as the system that made them may see them. Within the API's scope of its department."""

from uuid import UUID

from django.db.models import QuerySet

from consents.errors import NoSuchWebhook
from consents.models import Delivery, Webhook


def webhooks_of(client: UUID) -> "QuerySet[Webhook]":
    """Oldest first."""
    return Webhook.objects.filter(client=client).order_by("created_at", "pk")


def webhook_of(client: UUID, pk: UUID) -> Webhook:
    """NoSuchWebhook, whoever else may have it."""
    found = webhooks_of(client).filter(pk=pk).first()
    if found is None:
        raise NoSuchWebhook
    return found


def deliveries_of(webhook: Webhook, *, after: UUID | None, limit: int) -> tuple[list[Delivery], bool]:
    """Newest first, those made before `after`; and whether there are more."""
    rows = Delivery.objects.filter(webhook=webhook).order_by("-id")
    found = list((rows.filter(pk__lt=after) if after else rows)[: limit + 1])
    return found[:limit], len(found) > limit


def was_sent(announcement: UUID, *, client: str) -> bool:
    """A message about this change is on its way to this system, or was: it may have it before we know."""
    return Delivery.objects.filter(announcement=announcement, webhook__client=client, attempts__gt=0).exists()
