"""Making and changing webhooks. A secret is told once, to the system that is to verify by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from consents.enums import SwitchedOff
from consents.errors import AddressRefused, NoSuchWebhook, TooManyWebhooks
from consents.kinds import ConsentEntry
from consents.models import Webhook
from consents.rules.delivering import KEYS_OVERLAP, flaw_of_address
from consents.webhooks.ringing import ring_for_next
from consents.webhooks.secrets import kept, opened
from consents.webhooks.signing import new_secret
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.outward.addresses import NotKnown, PointsInward, looked_up
from portal.rest.clients import name_of

MOST = 10
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class WithSecret:
    """A webhook and the secret that it signs by from now on."""

    webhook: Webhook
    secret: str = field(repr=False)


def make_webhook(url: str, *, kinds: list[str], contact_email: str, by: Actor, at: datetime) -> WithSecret:
    """Tell this system at `url` from now on. Within the API's scope of its department.

    AddressRefused says why nothing may be sent there; TooManyWebhooks after ten.
    """
    _must_lead_outward(url)
    if Webhook.objects.filter(client=by.id).count() >= MOST:
        raise TooManyWebhooks
    secret = new_secret()
    webhook = Webhook(
        client=UUID(by.id),
        system=name_of(UUID(by.id)),
        department=by.unit,
        url=url,
        kinds=kinds,
        contact_email=contact_email,
        created_at=at,
    )
    webhook.sealed_secret = kept(webhook, secret)
    webhook.save(force_insert=True)
    _tell(ConsentEntry.WEBHOOK_MADE, webhook, by=by, at=at)
    return WithSecret(webhook, secret)


def change_webhook(pk: UUID, wishes: Mapping[str, Any], *, by: Actor, at: datetime) -> Webhook:
    """`wishes`: of url, kinds, contact_email and switched_on those that are to be otherwise.

    Within the API's scope. NoSuchWebhook, AddressRefused. What waits is sent once it is on again.
    """
    webhook = _held(pk, by=by)
    changed = {name: value for name, value in wishes.items() if value != getattr(webhook, name)}
    if "url" in changed:
        _must_lead_outward(changed["url"])
    for name, value in changed.items():
        setattr(webhook, name, value)
    if "switched_on" in changed:
        _switched(webhook, on=webhook.switched_on, at=at)
    if "url" in changed or "switched_on" in changed:
        webhook.failures, webhook.failing_since_at, webhook.resting_until_at = 0, None, None
    if changed:
        webhook.save()
        _tell(ConsentEntry.WEBHOOK_CHANGED, webhook, by=by, at=at, fields=sorted(changed))
        if webhook.switched_on:
            ring_for_next(webhook, at=at)
    return webhook


def rotate_secret(pk: UUID, *, by: Actor, at: datetime) -> WithSecret:
    """A new secret; messages carry a signature by the one before as well, for a day. NoSuchWebhook."""
    webhook, secret = _held(pk, by=by), new_secret()
    webhook.older_secret = kept(webhook, opened(webhook), older=True)
    webhook.older_until_at = at + KEYS_OVERLAP
    webhook.sealed_secret = kept(webhook, secret)
    webhook.save(update_fields=["older_secret", "older_until_at", "sealed_secret"])
    _tell(ConsentEntry.WEBHOOK_CHANGED, webhook, by=by, at=at, fields=["secret"])
    return WithSecret(webhook, secret)


def remove_webhook(pk: UUID, *, by: Actor, at: datetime) -> None:
    """It and what was to be told by it; the log keeps that it was there. NoSuchWebhook."""
    webhook = _held(pk, by=by)
    _tell(ConsentEntry.WEBHOOK_REMOVED, webhook, by=by, at=at)
    webhook.delete()


def switch_off(webhook: Webhook, because: SwitchedOff, *, by: Actor, at: datetime) -> None:
    """Nothing is sent any more; for staff and for the worker, each within their scope. Off already: nothing happens."""
    if not webhook.switched_on:
        return
    _switched(webhook, on=False, because=because, at=at)
    webhook.save(update_fields=["switched_on", "switched_off_because", "switched_off_at"])
    _tell(ConsentEntry.WEBHOOK_SWITCHED_OFF, webhook, by=by, at=at, because=because.value)


def _switched(webhook: Webhook, *, on: bool, at: datetime, because: SwitchedOff = SwitchedOff.SYSTEM) -> None:
    webhook.switched_on = on
    webhook.switched_off_because = "" if on else because
    webhook.switched_off_at = None if on else at


def _held(pk: UUID, *, by: Actor) -> Webhook:
    webhook = Webhook.objects.select_for_update().filter(pk=pk, client=by.id).first()
    if webhook is None:
        raise NoSuchWebhook
    return webhook


def _must_lead_outward(url: str) -> None:
    """Looked up here so that a mistake is told at once; what counts is the look before each sending."""
    if flaw := flaw_of_address(url):
        raise AddressRefused(flaw)
    parts = urlsplit(url)
    try:
        looked_up(parts.hostname or "", parts.port or _PORTS[parts.scheme])
    except (NotKnown, PointsInward):
        raise AddressRefused("No public address is known by this name.") from None


def _tell(kind: ConsentEntry, webhook: Webhook, *, by: Actor, at: datetime, **more: Any) -> None:
    record(kind, by=by, at=at, department=webhook.department, reference=str(webhook.pk), counts=more)
