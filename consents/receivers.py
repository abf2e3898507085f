"""What is asked when someone comes in, who counts as having come, and what is numbered beside the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consents.actions.announcing import number_announcements
from consents.actions.requesting import ask_on_arrival
from portal.ledger.actor import system
from portal.ledger.signals import numbering
from portal.people.queries import counts_too
from portal.people.signals import acted_for, signed_in
from portal.walls import Role, scope

# Whoever is known by a service point or by paper alone came here, while a permission that they gave so is on.
counts_too("""
    SELECT e.person_id FROM consents_consentevent e JOIN consents_consent c ON c.id = e.consent_id
    WHERE e.channel IN ('desk', 'paper') AND e.state = 'given' AND c.state = 'given' AND c.valid_until > {at}
""")


@receiver([signed_in, acted_for], dispatch_uid="consents.ask_on_sign_in")
def ask_on_sign_in(*, person: UUID, at: datetime, **_: Any) -> None:
    """Questions that are meant for everyone who comes are put once."""
    with scope(Role.RESIDENT, persons=[person]):
        ask_on_arrival(person, by=system("consents.ask_on_sign_in"), at=at)


@receiver(numbering, dispatch_uid="consents.number_announcements")
def number_what_was_announced(*, at: datetime, **_: Any) -> int:
    """By the one process that numbers."""
    with scope(Role.WORKER):
        return number_announcements(at=at)
