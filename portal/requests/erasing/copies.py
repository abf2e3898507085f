"""All that the portal itself holds of somebody's data goes: here, and in every backup that is restored later.

Copies, packages made of them, and what the person brought; in the transaction of whoever decided it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from consents.usecases.actions.forgetting import forget_words
from datasources.actions.erased import erase_all_copies, erase_copies
from datasources.wearables.actions.removing import forget_all
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.requests.erasing.models import Erased
from portal.requests.erasing.queries import Outlook
from portal.requests.models import Package, Piece


def remove_copies(
    person: UUID, outlook: Collection[Outlook], *, everything: bool, until_sign_in: bool, by: Actor, at: datetime
) -> tuple[list[Outlook], int]:
    """(The registers whose copies went, how many sheets). What the law holds stays. Within the worker's scope.

    `everything` is the outlook of all there is: with nothing held of it the keys end, too.
    """
    goes = [each for each in outlook if not each.held]
    whole = everything and len(goes) == len(outlook)
    datasets = [] if whole else sorted(slug for each in goes for slug in each.datasets)
    if everything:
        # No law has the city keep what the person brought, or wrote for everyone to read.
        forget_all(person, by=by, at=at)
        forget_words(person, by=by, at=at)
    # A row that named no dataset would stand for everything.
    if not whole and not datasets:
        return goes, 0
    count = forget_copies(person, datasets, until_sign_in=until_sign_in, by=by, at=at)
    Erased.objects.create(person_id=person, datasets=datasets, until_sign_in=until_sign_in, erased_at=at)
    after_commit("erasing.copy_out", due_at=at)
    return goes, count


def forget_copies(
    person: UUID, datasets: Sequence[str], *, until_sign_in: bool = False, by: Actor, at: datetime
) -> int:
    """Of these datasets, or everything where none is named; how many sheets there were. Worker's scope.

    A package goes whichever it is, for it holds what is erased; another can be asked for.
    """
    for model in (Piece, Package):
        model.objects.filter(person_id=person).delete()
    if datasets:
        return erase_copies(person, datasets, by=by, at=at)
    forget_all(person, by=by, at=at)
    forget_words(person, by=by, at=at)
    return erase_all_copies(person, until_sign_in=until_sign_in, by=by, at=at)
