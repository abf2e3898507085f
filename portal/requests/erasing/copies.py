"""Copies that go, in the transaction of whoever decided it: here, and in every backup that is restored later."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from datasources.actions.erased import erase_all_copies, erase_copies
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.requests.erasing.models import Erased
from portal.requests.erasing.queries import Outlook


def remove_copies(
    person: UUID, outlook: Collection[Outlook], *, everything: bool, until_sign_in: bool, by: Actor, at: datetime
) -> tuple[list[Outlook], int]:
    """(The registers whose copies went, how many sheets). What the law holds stays. Within the worker's scope.

    `everything` is the outlook of all there is: with nothing held of it the keys end, too.
    """
    goes = [each for each in outlook if not each.held]
    datasets = sorted(slug for each in goes for slug in each.datasets)
    if everything and len(goes) == len(outlook):
        datasets = []
        count = erase_all_copies(person, until_sign_in=until_sign_in, by=by, at=at)
    else:
        count = erase_copies(person, datasets, by=by, at=at)
    if goes:
        Erased.objects.create(person_id=person, datasets=datasets, until_sign_in=until_sign_in, erased_at=at)
        after_commit("erasing.copy_out", due_at=at)
    return goes, count
