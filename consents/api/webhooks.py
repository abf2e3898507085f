"""Webhooks: where this system is told of changes. The feed stays the truth; a webhook says when to look."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.api import webhook_bodies as bodies
from consents.api.webhook_bodies import TOO_MANY_WEBHOOKS, WEBHOOK_OFF
from consents.errors import AddressRefused, NoSuchWebhook, TooManyWebhooks, WebhookIsOff
from consents.webhooks import keeping, owing
from consents.webhooks.reading import deliveries_of, webhook_of, webhooks_of
from portal.rest.authentication import Caller, caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.paging import QUERY, limit_of
from portal.rest.problems import BadRequest, Flaw, Refused
from portal.rest.schema import described
from portal.walls import Role, scope

NEEDS = "webhooks"
_TAG = "Webhooks"
_QUERY = {
    "after": (UUID, "The id of the last delivery of the page before; left out, the newest come first."),
    "limit": QUERY["limit"],
}
_described = partial(described, tag=_TAG, needs=NEEDS)
# A press of a button: nothing more is to be said.
_press = partial(_described, takes=bodies.NothingIn, asked={}, once=True)


@contextmanager
def _acting(request: Request) -> Iterator[Caller]:
    """The caller, within a scope of its department; what cannot be done is answered as a problem."""
    caller = caller_of(request)
    try:
        with scope(Role.API, departments=[caller.department]):
            yield caller
    except NoSuchWebhook:
        raise Http404 from None
    except AddressRefused as fault:
        raise BadRequest(Flaw("/url", str(fault))) from None
    except TooManyWebhooks:
        raise Refused(TOO_MANY_WEBHOOKS) from None
    except WebhookIsOff:
        raise Refused(WEBHOOK_OFF) from None


class WebhooksView(APIView):
    """All of them, and a new one."""

    needs = NEEDS

    @_described("webhooks", gives=bodies.WebhooksOut, answered={"webhooks": [bodies.WEBHOOK]})
    def get(self, request: Request) -> Response:
        """The webhooks of this system, oldest first. Those of other systems are theirs."""
        with _acting(request) as caller:
            told = [bodies.webhook_out(webhook) for webhook in webhooks_of(caller.client)]
        return Response(bodies.WebhooksOut(told))

    @_described(
        "make_webhook",
        takes=bodies.WebhookIn,
        asked={"url": bodies.WEBHOOK["url"], "contact_email": bodies.WEBHOOK["contact_email"]},
        gives=bodies.WithSecretOut,
        answered={"webhook": bodies.WEBHOOK, "secret": bodies.SECRET},
        once=True,
        status=201,
    )
    @once
    def post(self, request: Request) -> Response:
        """Be told of changes at an address from now on, by signed messages after Standard Webhooks.

        Keep `secret`: it is told this once. A system has ten webhooks at most.
        """
        asked = body_of(request, bodies.WebhookIn)
        _must_be_email(asked.contact_email)
        with _acting(request) as caller:
            made = keeping.make_webhook(
                asked.url,
                kinds=list(dict.fromkeys(asked.kinds)),
                contact_email=asked.contact_email,
                by=caller.actor,
                at=timezone.now(),
            )
        return Response(bodies.WithSecretOut(bodies.webhook_out(made.webhook), made.secret), status=201)


class WebhookView(APIView):
    """One of them."""

    needs = NEEDS

    @_described("webhook", gives=bodies.WebhookOut, answered=bodies.WEBHOOK)
    def get(self, request: Request, webhook: UUID) -> Response:
        """How one webhook is, and how its address has answered."""
        with _acting(request) as caller:
            return Response(bodies.webhook_out(webhook_of(caller.client, webhook)))

    @_described(
        "change_webhook",
        takes=bodies.WebhookChanges,
        asked={"switched_on": True},
        gives=bodies.WebhookOut,
        answered=bodies.WEBHOOK,
    )
    def patch(self, request: Request, webhook: UUID) -> Response:
        """Change what is named, and nothing else.

        Switched on again, it is sent what has waited for less than three days; read the rest from the feed.
        """
        asked = body_of(request, bodies.WebhookChanges)
        wishes = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not msgspec.UNSET}
        if "contact_email" in wishes:
            _must_be_email(wishes["contact_email"])
        if "kinds" in wishes:
            wishes["kinds"] = list(dict.fromkeys(wishes["kinds"]))
        with _acting(request) as caller:
            changed = keeping.change_webhook(webhook, wishes, by=caller.actor, at=timezone.now())
            return Response(bodies.webhook_out(changed))

    @_described("remove_webhook", status=204)
    def delete(self, request: Request, webhook: UUID) -> Response:
        """Give the webhook up, with the record of its deliveries. What was not delivered is in the feed."""
        with _acting(request) as caller:
            keeping.remove_webhook(webhook, by=caller.actor, at=timezone.now())
        return Response(status=204)


class SecretView(APIView):
    """A new secret."""

    needs = NEEDS

    @_press(
        "rotate_webhook_secret",
        gives=bodies.WithSecretOut,
        answered={"webhook": bodies.WEBHOOK, "secret": bodies.SECRET},
    )
    @once
    def post(self, request: Request, webhook: UUID) -> Response:
        """Sign by a new secret, told this once. For a day messages carry a signature by the old one, too."""
        body_of(request, bodies.NothingIn)
        with _acting(request) as caller:
            made = keeping.rotate_secret(webhook, by=caller.actor, at=timezone.now())
        return Response(bodies.WithSecretOut(bodies.webhook_out(made.webhook), made.secret))


class PingView(APIView):
    """A message that says nothing."""

    needs = NEEDS

    @_press(
        "ping_webhook",
        gives=bodies.DeliveryOut,
        answered=bodies.PINGED,
        status=202,
    )
    @once
    def post(self, request: Request, webhook: UUID) -> Response:
        """Have a message of the type “ping” sent at once. Whether it arrived stands in the webhook's deliveries."""
        body_of(request, bodies.NothingIn)
        with _acting(request) as caller:
            sent = owing.ping(webhook, by=caller.actor, at=timezone.now())
        return Response(bodies.delivery_out(sent), status=202)


class DeliveriesView(APIView):
    """What was sent, or is to be."""

    needs = NEEDS

    @_described(
        "webhook_deliveries",
        query=_QUERY,
        gives=bodies.DeliveriesOut,
        answered={"deliveries": [bodies.DELIVERY], "next": bodies.DELIVERY["id"], "more": False},
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        """The messages of the last 30 days, newest first. Of what your system answered only the status is kept."""
        after, limit = _after(request), limit_of(request)
        with _acting(request) as caller:
            rows, more = deliveries_of(webhook_of(caller.client, webhook), after=after, limit=limit)
        told = [bodies.delivery_out(row) for row in rows]
        return Response(bodies.DeliveriesOut(told, told[-1].id if told else after, more))


class RedeliverView(APIView):
    """The same message again."""

    needs = NEEDS

    @_press(
        "redeliver",
        gives=bodies.DeliveryOut,
        answered=bodies.DELIVERY,
        status=202,
    )
    @once
    def post(self, request: Request, webhook: UUID, delivery: UUID) -> Response:
        """Send a message again, delivered or not, under the same `webhook-id`. It is tried anew for three days."""
        body_of(request, bodies.NothingIn)
        with _acting(request) as caller:
            sent = owing.redeliver(webhook, delivery, by=caller.actor, at=timezone.now())
        return Response(bodies.delivery_out(sent), status=202)


def _must_be_email(told: str) -> None:
    try:
        validate_email(told)
    except ValidationError:
        raise BadRequest(Flaw("/contact_email", "This is not an e-mail address.")) from None


def _after(request: Request) -> UUID | None:
    try:
        return UUID(told) if (told := request.GET.get("after")) else None
    except ValueError:
        raise BadRequest(Flaw("/after", "This is not the id of a delivery.")) from None
