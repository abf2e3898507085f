"""Packages that were brought under two accounts of one person, and what was accepted of them, come under one."""

from collections.abc import Collection
from uuid import UUID

from datasources.transfers.arriving.sealing import brought_key, hold, moved_key
from datasources.transfers.models import Arrival, Item
from portal.keys.models import KeyScope
from portal.keys.person_keys import key_begun


def join_arrived(goes: UUID, stays: UUID, *, only: Collection[UUID] | None = None) -> int:
    """How many items; of `only` these packages. Each row's own key lies under the other person's key from now on;
    files and columns stay as they are. Within the worker's scope of both.
    """
    for person in sorted((goes, stays)):
        hold(person)
    old, items = brought_key(goes), 0
    if old is None:
        return items
    for model, package in ((Arrival, "pk"), (Item, "arrival_id")):
        which = {} if only is None else {f"{package}__in": list(only)}
        for row in model.objects.filter(person_id=goes, **which).only("pk", "sealed_key"):
            new = key_begun(stays, KeyScope.BROUGHT)
            key = moved_key(row.sealed_key, of=row.pk, old=old, new=new)
            model.objects.filter(pk=row.pk).update(person_id=stays, sealed_key=key)
            items += model is Item
    return items
