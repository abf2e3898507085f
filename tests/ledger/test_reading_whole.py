"""Entries read whole from their bytes are as the database's own columns tell them."""

import pytest
from django.utils import timezone

from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.ledger.columns import whole_log
from portal.ledger.models import Entry
from portal.ledger.parts import parts_of
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope

pytestmark = pytest.mark.django_db


def test_they_are_as_the_columns_tell_numbered_or_not_and_in_their_order() -> None:
    now, person = timezone.now(), find_or_make(Arrival("140588-902V", Names("Nimi", "Testi")), at=timezone.now()).pk
    clerk = Actor(ActorKind.STAFF, "clerk", Right.OFFICE, unit="library", role="desk")
    told = {"department": "library", "datasets": ["library-card", "loans"], "reference": "D/1", "purpose": "p"}
    with scope(Role.WORKER, persons=[person]):
        record(PeopleEntry.ACTED_FOR, by=clerk, about=person, at=now, counts={"two": True, "n": 3, "å": "ä"}, **told)  # type: ignore[arg-type]
        sequence(at=now)
        record(PeopleEntry.SIGNED_OUT, by=system("tests"), about=person, at=now)
        rows = Entry.objects.filter(subject=person)
        names = [field.attname for field in Entry._meta.fields if field.attname != "body"]
        ours = [{name: getattr(row.entry, name) for name in names} for row in whole_log(rows)]
        theirs = list(rows.defer(None).order_by("-at", "-id").values(*names))
    assert (len(ours), ours) == (3, theirs)


# What stands between members; said by somebody, it ends none of them.
TRICKY = """},"at":" ","kind":" ,"details":" ,"id":" ","commitment":" \\ ä \n"""


def test_they_are_cut_where_their_members_end_whatever_is_said_in_them() -> None:
    now, person = timezone.now(), find_or_make(Arrival("140588-902V", Names("Nimi", "Testi")), at=timezone.now()).pk
    clerk = Actor(ActorKind.STAFF, TRICKY, Right.OFFICE, unit=TRICKY, role="desk")
    told = {"reference": TRICKY, "counts": {"kind": TRICKY, "id": TRICKY, "at": {"at": TRICKY}}}
    with scope(Role.WORKER, persons=[person]):
        record(PeopleEntry.ACTED_FOR, by=clerk, about=person, at=now, details={"said": TRICKY}, **told)  # type: ignore[arg-type]
        record(PeopleEntry.SIGNED_OUT, by=clerk, about=person, at=now, **told)  # type: ignore[arg-type]
        rows = Entry.objects.filter(subject=person)
        ours = {(row.opened.encode("latin-1"), row.private.encode("latin-1")) for row in whole_log(rows)}
        parts = [parts_of(bytes(row.body)) for row in rows.defer(None)]
    assert (len(ours), ours) == (3, {(each.opened, each.private) for each in parts})
