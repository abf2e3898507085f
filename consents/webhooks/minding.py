"""Beside the sending: addresses that have failed for a week, messages that are too old, jobs that were lost."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from consents.enums import SwitchedOff
from consents.models import Delivery, Webhook
from consents.rules.delivering import FAILING_FOR, GIVE_UP_AFTER
from consents.webhooks.keeping import switch_off
from consents.webhooks.ringing import ring_now
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor

KEPT_FOR = timedelta(days=30)
_LOST_AFTER = timedelta(minutes=2)
_OPEN = Q(delivered_at=None, given_up_at=None)


def switch_off_failing(*, by: Actor, at: datetime) -> int:
    """What has failed for a week, with a letter to its keeper; how many. Within the worker's scope."""
    failing = Webhook.objects.select_for_update().filter(switched_on=True, failing_since_at__lte=at - FAILING_FOR)
    found = list(failing)
    for webhook in found:
        switch_off(webhook, SwitchedOff.FAILING, by=by, at=at)
        after_commit("consents.tell_keeper", due_at=at, webhook_id=webhook.pk)
    return len(found)


def give_up_old(*, by: Actor, at: datetime) -> int:
    """Messages that were not even tried for three days, as their webhook was off or resting; how many."""
    return Delivery.objects.filter(_OPEN, wanted_at__lte=at - GIVE_UP_AFTER).update(given_up_at=at)


def ring_overdue(*, by: Actor, at: datetime) -> int:
    """Webhooks whose job was lost or put aside; how many."""
    late = Delivery.objects.filter(_OPEN, webhook=OuterRef("pk"), due_at__lte=at - _LOST_AFTER)
    free = Q(leased_until_at=None) | Q(leased_until_at__lte=at)
    rested = Q(resting_until_at=None) | Q(resting_until_at__lte=at - _LOST_AFTER)
    overdue = list(Webhook.objects.filter(free, rested, Exists(late), switched_on=True))
    for webhook in overdue:
        ring_now(webhook, at=at)
    return len(overdue)


def forget_old(*, by: Actor, at: datetime, batch: int = 5000) -> int:
    """Old keys, and at most `batch` messages that are 30 days old; how many of these. Again gives none."""
    Webhook.objects.filter(older_until_at__lte=at).update(older_secret=None, older_until_at=None)
    old = Delivery.objects.filter(~_OPEN, made_at__lte=at - KEPT_FOR).order_by("made_at").values_list("pk", flat=True)
    gone: int = Delivery.objects.filter(pk__in=list(old[:batch])).delete()[0]
    return gone
