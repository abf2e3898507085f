"""Ending the key under which a person's own data lies, for one kind of it: what is of another kind lies on."""

from datetime import datetime
from functools import partial
from uuid import UUID

from datasources.signals import brought_key_ended
from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key, existing_person_keys, key_begun


def end_brought_key(person: UUID, *, at: datetime) -> None:
    """In the transaction in which the rows themselves go; backups cannot be read either.

    Whoever keeps something else of the person under the same key seals it anew under the one that comes after.
    """
    old = existing_person_keys([person], KeyScope.BROUGHT).get(person)
    destroy_key(person, KeyScope.BROUGHT, at=at)
    if old is not None:
        new = partial(key_begun, person, KeyScope.BROUGHT)
        brought_key_ended.send(sender=None, person=person, old=old, new=new)
