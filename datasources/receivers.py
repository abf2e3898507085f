"""What the sources do when someone comes in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from datasources.actions.asking import ask_for
from portal.ledger.actor import Actor, resident
from portal.people.signals import acted_for, signed_in


@receiver([signed_in, acted_for], dispatch_uid="datasources.ask_on_sign_in")
def ask_on_sign_in(*, person: UUID, at: datetime, by: Actor | None = None, **_: Any) -> None:
    """Who signs in, or begins to act for somebody, sees fresh data: live sources are asked at once, others later."""
    ask_for(person, by=by or resident(person), at=at)
