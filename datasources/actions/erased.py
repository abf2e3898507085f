"""Copies go for good: sheets, keys, and the mark that no new copy is made. An erasure stands in the caller's scope."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from datasources.kinds import SourcesEntry
from datasources.models import Asking, Dataset, NotCopied, Sheet
from portal.keys.models import KeyScope
from portal.keys.person_keys import begin_anew, destroy_key
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

_ERASED_SCOPES = (KeyScope.RECORDS, KeyScope.BROUGHT)


def erase_copies(person: UUID, datasets: Iterable[str], *, by: Actor, at: datetime) -> int:
    """Remove the sheets of these datasets and make no new ones; how many there were. Worker's scope."""
    wanted = list(Dataset.objects.filter(slug__in=list(datasets)))
    marks = [NotCopied(person_id=person, dataset=each, since_at=at) for each in wanted]
    NotCopied.objects.bulk_create(marks, ignore_conflicts=True)
    return _remove(person, wanted, by=by, at=at)


def erase_all_copies(person: UUID, *, until_sign_in: bool = False, by: Actor, at: datetime) -> int:
    """End the keys of all copies, so that no backup can be read either, and make no new ones. Worker's scope."""
    NotCopied.objects.filter(person_id=person).delete()
    NotCopied.objects.create(person_id=person, since_at=at, until_sign_in=until_sign_in)
    for each in _ERASED_SCOPES:
        destroy_key(person, each, at=at)
    Asking.objects.filter(person_id=person).delete()
    return _remove(person, None, by=by, at=at)


def _remove(person: UUID, datasets: Iterable[Dataset] | None, *, by: Actor, at: datetime) -> int:
    sheets = Sheet.objects.filter(person_id=person)
    if datasets is not None:
        sheets = sheets.filter(dataset__in=list(datasets))
    rows = list(sheets.values_list("pk", "dataset__slug", "dataset__register__department__slug"))
    for _, dataset, department in rows:
        record(SourcesEntry.SHEET_REMOVED, by=by, about=person, at=at, department=department, datasets=[dataset])
    sheets.filter(pk__in=[pk for pk, _, _ in rows]).delete()
    return len(rows)


def copy_again(person: UUID, *, by: Actor, at: datetime) -> bool:
    """The person wants to see their data here again; whether anything kept it away. Opens its own scope."""
    with scope(Role.WORKER):
        if not NotCopied.objects.filter(person_id=person).delete()[0]:
            return False
        if begin_anew(person, _ERASED_SCOPES):
            # A reading that began before the erasure may have left what the new key does not open.
            Sheet.objects.filter(person_id=person).delete()
        record(SourcesEntry.COPIED_AGAIN, by=by, about=person, at=at)
    return True
