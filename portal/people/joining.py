"""Two accounts of one person become one: one stays and is found by the code, the other is closed and points to it."""

import os
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from portal.keys.indexes import blind_indexes, index_version
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import seal, unseal
from portal.people.actions import marks_place
from portal.people.codes import RESIDENTS, account_id, sealed_code
from portal.people.models import ActingRight, PairwiseSubject, Person, User

_INDEX_LENGTH = 32


def join_rows(goes: Person, stays: Person, code: str, *, at: datetime) -> None:
    """Index, code, marks of protection, pseudonyms and rights to act; both rows are held. Worker's scope of both.

    Who may act for `goes` is asked of the register again, which knows one person only.
    """
    index, *_ = blind_indexes(code)
    old = bytes(stays.blind_index)
    # Unique and nobody's: no code leads there any more.
    goes.blind_index, goes.index_version = os.urandom(_INDEX_LENGTH), index_version()
    goes.closed_at, goes.continues_as = at, stays
    goes.save(update_fields=["blind_index", "index_version", "closed_at", "continues_as"])
    Person.objects.filter(continues_as=goes).update(continues_as=stays)
    stays.blind_index, stays.index_version = index, index_version()
    stays.sealed_identity_code = sealed_code(stays.pk, code)
    stays.created_at = min(stays.created_at, goes.created_at)
    stays.last_signed_in_at = max(filter(None, (stays.last_signed_in_at, goes.last_signed_in_at)), default=None)
    stays.death_told_at = stays.death_told_at or goes.death_told_at
    if stays.sealed_protection is None and goes.sealed_protection is not None:
        stays.sealed_protection = marks_for(stays.pk, goes)
    stays.save()
    PairwiseSubject.objects.filter(person=goes).update(person=stays)
    _join_rights(goes.pk, stays.pk, old=old, index=index)


def marks_for(stays: UUID, goes: Person) -> bytes:
    """Sealed for `stays`: whoever was protected under either account is, until the register tells otherwise."""
    key = person_key(goes.pk, KeyScope.IDENTITY)
    marks = unseal(key, bytes(goes.sealed_protection or b""), aad=marks_place(goes.pk))
    return seal(person_key(stays, KeyScope.IDENTITY), marks, aad=marks_place(stays))


def _join_rights(goes: UUID, stays: UUID, *, old: bytes, index: bytes) -> None:
    ActingRight.objects.filter(person_id=goes).delete()
    theirs = ActingRight.objects.filter(actor_index=index)
    same = {(row.person_id, row.kind) for row in theirs}
    for row in ActingRight.objects.filter(Q(actor_id=stays) | Q(actor_index=old)).exclude(actor_index=index):
        if (row.person_id, row.kind) in same:
            row.delete()
        else:
            row.actor_index, row.index_version = index, index_version()
            row.save(update_fields=["actor_index", "index_version"])
    ActingRight.objects.filter(Q(actor_id=goes) | Q(actor_index=index)).update(actor_id=stays)


def join_log_ins(goes: UUID, stays: UUID, code: str) -> None:
    """By the code one comes to the account that stays; outside every scope, when all sessions have ended."""
    uid = account_id(RESIDENTS, code)
    mine, other = User.objects.filter(person_id=stays).first(), User.objects.filter(person_id=goes).first()
    if mine is None:
        # Whoever signed in under the other account only has their log-in lead here.
        User.objects.filter(person_id=goes).update(person_id=stays)
    elif other is not None:
        # The identity service leads nobody there any more.
        SocialAccount.objects.filter(user=other).update(uid=token_hex(_INDEX_LENGTH))
        other.is_active = False
        other.save(update_fields=["is_active"])
    SocialAccount.objects.filter(user__person_id=stays, provider=RESIDENTS).update(uid=uid)
