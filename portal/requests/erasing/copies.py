"""All that the portal itself holds of somebody's data goes: here, and in every backup that is restored later.

Copies, packages made of them, and what the person brought; in the transaction of whoever decided it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from consents.usecases.actions.forgetting import forget_words
from datasources.actions.erased import erase_all_copies, erase_copies
from datasources.transfers.arriving.deciding import forget_all as forget_what_arrived
from datasources.wearables.actions.removing import forget_all
from portal.jobs.outbox import after_commit
from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key
from portal.ledger.actor import Actor
from portal.requests.erasing.models import OWN, Erased
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
    if everything and not whole:
        # No law has the city keep what the person brought, or wrote for everyone to read.
        datasets.insert(0, OWN)
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

    `OWN` among them: what the person brought and wrote, which no hold keeps.

    A package goes whichever it is, for it holds what is erased; another can be asked for.
    """
    for model in (Piece, Package):
        model.objects.filter(person_id=person).delete()
    if not datasets or OWN in datasets:
        _forget_what_was_brought(person, by=by, at=at)
        forget_words(person, by=by, at=at)
    if datasets:
        return erase_copies(person, [slug for slug in datasets if slug != OWN], by=by, at=at)
    return erase_all_copies(person, until_sign_in=until_sign_in, by=by, at=at)


def _forget_what_was_brought(person: UUID, *, by: Actor, at: datetime) -> None:
    """From a watch, from another city: with the key that all of it lay under."""
    forget_what_arrived(person, by=by, at=at)
    forget_all(person, by=by, at=at)
    destroy_key(person, KeyScope.BROUGHT, at=at)
