"""What follows when a staff member sets up a second step."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from portal.people.models import User


@receiver(authenticator_added)
def second_step_was_proved(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Whoever sets it up has just used it, so this session, and no older one, has passed the second step."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)
