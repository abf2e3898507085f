"""A new identity code: the person stays who they are, and the old code finds nobody."""

from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from portal.keys.indexes import blind_indexes, index_version
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.codes import RESIDENTS, account_id, hold_code, sealed_code
from portal.people.models import ActingRight, Person, User
from portal.requests.life.closing import end_log_in
from portal.requests.life.errors import CodeTaken
from portal.requests.life.kinds import LifeEntry
from portal.walls import Role, outside, scope


def change_code(person: UUID, new: str, *, reference: str, by: Actor, at: datetime) -> None:
    """Index and sealed code move together, with rights to act and the log-in; sessions end. Opens its own scopes.

    CodeTaken when the new code is somebody's already: then these may be two rows of one person, and nothing is done.
    Pseudonyms that departments know stay (`PairwiseSubject`).
    """
    indexes = blind_indexes(new)
    with scope(Role.WORKER, persons=[person]):
        # In turn with a first sign-in by the new code, which would make somebody else of them.
        hold_code(new)
        if Person.objects.filter(blind_index__in=indexes).exists():
            raise CodeTaken
        row = Person.objects.select_for_update().get(pk=person)
        rights = ActingRight.objects.filter(Q(actor_id=person) | Q(actor_index=bytes(row.blind_index)))
        rights.update(actor_index=indexes[0], index_version=index_version())
        row.blind_index, row.index_version = indexes[0], index_version()
        row.sealed_identity_code = sealed_code(person, new)
        # Whatever the register told is settled; its mark stays, so that an answer that is late tells nothing anew.
        row.new_code_told_at = row.sealed_new_code = None
        row.save()
        record(LifeEntry.CODE_CHANGED, by=by, about=person, at=at, reference=reference)
        with outside():
            end_log_in(person, for_good=False)
            if user := User.objects.filter(person_id=person).first():
                SocialAccount.objects.filter(user=user, provider=RESIDENTS).update(uid=account_id(RESIDENTS, new))
