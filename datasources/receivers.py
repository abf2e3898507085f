"""What the sources do when someone comes in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from datasources.actions.asking import ask_for
from portal.ledger.actor import resident
from portal.people.signals import signed_in


@receiver(signed_in, dispatch_uid="datasources.ask_on_sign_in")
def ask_on_sign_in(*, person: UUID, at: datetime, **_: Any) -> None:
    """Whoever signs in sees fresh data: live sources are asked at once, the others at their next reading."""
    ask_for(person, by=resident(person), at=at)
