"""What is asked when someone comes in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consents.actions.requesting import ask_on_arrival
from portal.ledger.actor import system
from portal.people.signals import acted_for, signed_in
from portal.walls import Role, scope


@receiver([signed_in, acted_for], dispatch_uid="consents.ask_on_sign_in")
def ask_on_sign_in(*, person: UUID, at: datetime, **_: Any) -> None:
    """Questions that are meant for everyone who comes are put once."""
    with scope(Role.RESIDENT, persons=[person]):
        ask_on_arrival(person, by=system("consents.ask_on_sign_in"), at=at)
