"""An account of two people becomes two: each is found by their own code, and nobody by the one that they shared."""

import os
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from allauth.socialaccount.models import SocialAccount

from portal.keys.indexes import blind_indexes, index_version
from portal.ledger.actor import Actor
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.joining import marks_for
from portal.people.kinds import PeopleEntry
from portal.people.models import ActingRight, PairwiseSubject, Person, User
from portal.people.subjects import by_code
from portal.walls import Role, scope

_INDEX_LENGTH = 32


def begin_accounts(shared: UUID, codes: tuple[str, str], *, by: Actor, at: datetime) -> tuple[Person, Person]:
    """An account for each code: made, or the one that the second has already. No code leads to `shared` any more.

    Names come with the next sign-in: of those here nobody knows whose they are. Opens its own scopes.
    """
    with scope(Role.WORKER, persons=[shared]):
        row = Person.objects.select_for_update().get(pk=shared)
        row.blind_index, row.index_version = os.urandom(_INDEX_LENGTH), index_version()
        row.save(update_fields=["blind_index", "index_version"])
    told = {"told_as": PeopleEntry.MADE_APART, "told_by": by}
    first, second = (find_or_make(Arrival(code, Names("", "")), at=at, **told) for code in codes)  # type: ignore[arg-type]
    return first, second


def part_rows(shared: Person, people: Mapping[str, Person]) -> None:
    """{code: person}: pseudonyms go by the code they are made of, rights to act by the code of who acts.

    Who is protected in the shared account is so in both, until the register tells otherwise. Worker's scope of all.
    """
    shared.split_into = [person.pk for person in people.values()]
    shared.save(update_fields=["split_into"])
    subjects = list(PairwiseSubject.objects.filter(person=shared))
    ActingRight.objects.filter(person=shared).delete()
    for code, person in people.items():
        if shared.sealed_protection is not None and person.sealed_protection is None:
            person.sealed_protection = marks_for(person.pk, shared)
            person.save(update_fields=["sealed_protection"])
        theirs = [row.pk for row in subjects if bytes(row.subject) == by_code(row.department, code).raw]
        PairwiseSubject.objects.filter(pk__in=theirs).update(person=person)
        ActingRight.objects.filter(actor_index__in=blind_indexes(code)).update(actor_id=person.pk)
    # A right that neither code has is asked of the register again.
    ActingRight.objects.filter(actor_id=shared.pk).delete()


def end_shared_log_in(shared: UUID) -> None:
    """The identity service leads nobody there any more; outside every scope, when all sessions have ended."""
    for user in User.objects.filter(person_id=shared):
        for account in SocialAccount.objects.filter(user=user):
            account.uid = token_hex(_INDEX_LENGTH)
            account.save(update_fields=["uid"])
        user.is_active = False
        user.save(update_fields=["is_active"])
