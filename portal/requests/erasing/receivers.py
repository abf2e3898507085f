"""Who left begins anew; and a worker does not begin on a restored database that has not caught up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from celery.signals import worker_init
from django.db import connection
from django.dispatch import receiver

from datasources.actions.asking import ask_for
from datasources.actions.erased import copy_again
from datasources.queries.erased import has_left
from portal.ledger.actor import resident
from portal.people.signals import signed_in
from portal.requests.erasing.ledger_file import refuse_when_behind
from portal.walls import Role, scope


@receiver(signed_in, dispatch_uid="erasing.begin_anew")
def begin_anew(*, person: UUID, at: datetime, **_: Any) -> None:
    """Whoever left the portal and signs in again wants it."""
    with scope(Role.RESIDENT, persons=[person]):
        left = has_left(person)
    if left:
        copy_again(person, by=resident(person), at=at)
        ask_for(person, by=resident(person), at=at)


@worker_init.connect(dispatch_uid="erasing.refuse_when_behind")
def refuse(**_: Any) -> None:
    """Ends the worker with the reason."""
    refuse_when_behind()
    connection.close()
