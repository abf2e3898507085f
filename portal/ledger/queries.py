"""Reading the log. A read starts from the person; row security holds the same line below."""

import json
from base64 import b64decode
from uuid import UUID

from django.db.models import QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.ledger.entries import Json, details_place
from portal.ledger.models import Entry


def entries_about(person: UUID) -> QuerySet[Entry]:
    """Everything that happened to this person's data or permissions, newest first."""
    return Entry.objects.filter(subject=person).defer("body")


def entries_of_departments() -> QuerySet[Entry]:
    """What the staff scope lets through: the entries of one's own departments, or all for the auditor and DPO."""
    return Entry.objects.defer("body")


def details_of(entry: Entry) -> dict[str, Json]:
    """The sealed details of an entry about a person, opened; empty when there are none or the key has ended."""
    sealed = json.loads(bytes(entry.body)).get("details")
    if not sealed or entry.subject is None:
        return {}
    key = existing_person_keys([entry.subject], KeyScope.LOG).get(entry.subject)
    if key is None:
        return {}
    opened: dict[str, Json] = json.loads(unseal(key, b64decode(sealed), aad=details_place(entry.id)))
    return opened
