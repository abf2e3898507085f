"""Secrets of webhooks at rest: sealed by the ring, each bound to its row and column."""

from datetime import datetime
from uuid import UUID

from consents.models import Webhook
from portal.keys.moving import Rows, SealedRows, lies_under
from portal.keys.seals import place, resealed, seal_by_ring, unseal_by_ring
from portal.walls import Role, scope

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


def _moved(webhook: Webhook) -> dict[str, bytes]:
    """{column: the secret under the newest key} of what is on an older one."""
    found = {}
    for column, older in (("sealed_secret", False), ("older_secret", True)):
        sealed = getattr(webhook, column)
        if sealed and (newer := resealed(_KEY, bytes(sealed), aad=_place(webhook, older=older))):
            found[column] = newer
    return found


def name_secrets() -> None:
    """Called once, at the start."""
    rows = SealedRows(Webhook.objects.all, _moved, opened=lambda: scope(Role.WORKER), first=UUID(int=0))
    lies_under(_KEY, Rows("secrets of webhooks", rows.left, rows.move))


def _place(webhook: Webhook, *, older: bool) -> bytes:
    return place("consents_webhook", "older_secret" if older else "sealed_secret", webhook.pk)
