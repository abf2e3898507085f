"""Secrets of webhooks at rest: sealed by the ring, each bound to its row and column."""

from datetime import datetime

from consents.models import Webhook
from portal.keys.seals import place, seal_by_ring, unseal_by_ring

# The same ring key as for the secrets of sources: both are what the portal and a department system share.
_KEY = "sources"


def kept(webhook: Webhook, secret: str, *, older: bool = False) -> bytes:
    """The secret as the row keeps it."""
    return seal_by_ring(_KEY, secret.encode(), aad=_place(webhook, older=older))


def opened(webhook: Webhook) -> str:
    """The secret that signs."""
    return unseal_by_ring(_KEY, bytes(webhook.sealed_secret), aad=_place(webhook, older=False)).decode()


def signing_secrets(webhook: Webhook, *, at: datetime) -> list[str]:
    """The newest, and the one before while both are in use."""
    if webhook.older_secret is None or webhook.older_until_at is None or webhook.older_until_at <= at:
        return [opened(webhook)]
    older = unseal_by_ring(_KEY, bytes(webhook.older_secret), aad=_place(webhook, older=True)).decode()
    return [opened(webhook), older]


def _place(webhook: Webhook, *, older: bool) -> bytes:
    return place("consents_webhook", "older_secret" if older else "sealed_secret", webhook.pk)
