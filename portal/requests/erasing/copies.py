"""All that the portal itself holds of somebody's data: copies, packages made of them, and what they brought."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from datasources.actions.erased import erase_all_copies, erase_copies
from datasources.wearables.actions.removing import forget_all
from portal.ledger.actor import Actor
from portal.requests.models import Package, Piece


def remove_copies(
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
    return erase_all_copies(person, until_sign_in=until_sign_in, by=by, at=at)
