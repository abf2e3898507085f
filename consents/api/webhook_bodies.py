"""What calls about webhooks take and give."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_noop

from consents.api.naming import ChangeKind
from consents.models import Delivery, Webhook
from portal.rest.problem_kinds import kind

TOO_MANY_WEBHOOKS = kind(
    "too-many-webhooks",
    409,
    gettext_noop("This system has ten webhooks, and may have no more."),
    gettext_noop("Give up one that is no longer needed, or change its address."),
)
WEBHOOK_OFF = kind(
    "webhook-off",
    409,
    gettext_noop("This webhook is switched off."),
    gettext_noop("Mend the address if it failed, then switch the webhook on. After that, send the request again."),
)

Url = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
# A shared mailbox, not a person's own.
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Kinds = Annotated[list[ChangeKind], msgspec.Meta(max_length=20)]


class NothingIn(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing more needs to be said."""


class WebhookIn(msgspec.Struct, forbid_unknown_fields=True):
    """`url`: https, port 443 or 8443, outside. `contact_email`: a shared mailbox, written to when all fails.

    `kinds`: of which changes to be told; of all when left out.
    """

    url: Url
    contact_email: Email
    kinds: Kinds = msgspec.field(default_factory=list)


class WebhookChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    url: Url | msgspec.UnsetType = msgspec.UNSET
    contact_email: Email | msgspec.UnsetType = msgspec.UNSET
    kinds: Kinds | msgspec.UnsetType = msgspec.UNSET
    switched_on: bool | msgspec.UnsetType = msgspec.UNSET


class WebhookOut(msgspec.Struct):
    """How a webhook is. `older_secret_until`: so long messages carry a second signature, by the secret before."""

    id: UUID
    url: str
    kinds: list[str]
    contact_email: str
    switched_on: bool
    switched_off_because: str | None
    switched_off_at: datetime | None
    created_at: datetime
    last_success_at: datetime | None
    failing_since: datetime | None
    failures: int
    older_secret_until: datetime | None


class WebhooksOut(msgspec.Struct):
    """All of this system's."""

    webhooks: list[WebhookOut]


class WithSecretOut(msgspec.Struct):
    """The webhook, and the secret that is told this once."""

    webhook: WebhookOut
    secret: str


class DeliveryOut(msgspec.Struct):
    """One message; `id` is its `webhook-id`, `change` the id of the row in the feed. `next_try_at`: null when over."""

    id: UUID
    kind: str
    change: UUID | None
    made_at: datetime
    attempts: int
    tried_at: datetime | None
    took_ms: int | None
    status: int | None
    fault: str | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    next_try_at: datetime | None


class DeliveriesOut(msgspec.Struct):
    """Messages, newest first. Ask next with `after` set to `next`, while there are `more`."""

    deliveries: list[DeliveryOut]
    next: UUID | None
    more: bool


def webhook_out(webhook: Webhook) -> WebhookOut:
    """As its system sees it."""
    return WebhookOut(
        id=webhook.pk,
        url=webhook.url,
        kinds=webhook.kinds,
        contact_email=webhook.contact_email,
        switched_on=webhook.switched_on,
        switched_off_because=webhook.switched_off_because or None,
        switched_off_at=webhook.switched_off_at,
        created_at=webhook.created_at,
        last_success_at=webhook.last_success_at,
        failing_since=webhook.failing_since_at,
        failures=webhook.failures,
        older_secret_until=webhook.older_until_at,
    )


def delivery_out(delivery: Delivery) -> DeliveryOut:
    """As the system that is told sees it."""
    over = delivery.delivered_at or delivery.given_up_at
    return DeliveryOut(
        id=delivery.pk,
        kind=delivery.kind,
        change=delivery.announcement_id,
        made_at=delivery.made_at,
        attempts=delivery.attempts,
        tried_at=delivery.tried_at,
        took_ms=delivery.took_ms,
        status=delivery.status,
        fault=delivery.fault or None,
        delivered_at=delivery.delivered_at,
        given_up_at=delivery.given_up_at,
        next_try_at=None if over else delivery.due_at,
    )


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - an example, of the specification's
WEBHOOK: dict[str, Any] = {
    "id": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b11",
    "url": "https://courses.example.org/mydata/",
    "kinds": [],
    "contact_email": "courses@example.org",
    "switched_on": True,
    "switched_off_because": None,
    "switched_off_at": None,
    "created_at": "2026-11-24T10:00:00Z",
    "last_success_at": None,
    "failing_since": None,
    "failures": 0,
    "older_secret_until": None,
}
DELIVERY: dict[str, Any] = {
    "id": "0199f2f0-7b11-7d22-8c3e-6d4a6a0e2b11",
    "kind": "consent.withdrawn",
    "change": "0199f2f0-6a0e-7c55-9b1e-6d4a6a0e2b11",
    "made_at": "2026-11-24T10:00:01Z",
    "attempts": 1,
    "tried_at": "2026-11-24T10:00:02Z",
    "took_ms": 87,
    "status": 204,
    "fault": None,
    "delivered_at": "2026-11-24T10:00:02Z",
    "given_up_at": None,
    "next_try_at": None,
}
PINGED: dict[str, Any] = DELIVERY | {
    "kind": "ping",
    "change": None,
    "attempts": 0,
    "tried_at": None,
    "took_ms": None,
    "status": None,
    "delivered_at": None,
    "next_try_at": "2026-11-24T10:00:01Z",
}
