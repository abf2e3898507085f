"""What verified claims change: the resident's Person, the staff member's rights."""

from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.models import Group

from portal.keys.indexes import blind_indexes, index_version
from portal.ledger.actions import record
from portal.ledger.actor import Actor, resident
from portal.people.actions import Arrival, find_or_make, sign_in
from portal.people.index_moves import move_rows_of
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User, UserKind
from portal.people.refusals import SignInRefused
from portal.people.signals import signed_in
from portal.walls import Role, scope


def resident_arrives(sociallogin: SocialLogin, arrival: Arrival, *, assurance: str, at: datetime) -> None:
    """Find or make the Person and leave the entry; SignInRefused when log-in and person do not belong together."""
    person = find_or_make(arrival, at=at)
    if person.closed_at:
        raise SignInRefused("closed")
    if sociallogin.is_existing:
        # An account found by its digest must be this person's: another's means a mix-up, and nobody is let in.
        if sociallogin.user.person_id != person.pk:
            raise SignInRefused("mix-up")
    elif User.objects.filter(person_id=person.pk).exists():
        raise SignInRefused("second-account")
    else:
        sociallogin.user.kind, sociallogin.user.person = UserKind.RESIDENT, person
    sign_in(person, arrival, by=resident(person.pk), at=at, method=assurance.rsplit("/", 1)[-1])
    signed_in.send(sender=Person, person=person.pk, at=at)


def _texts(claims: dict[str, Any], name: str) -> list[str]:
    told = claims.get(name, [])
    if not isinstance(told, list) or not all(isinstance(text, str) for text in told):
        raise SignInRefused("malformed-claim")
    return told


def staff_arrives(sociallogin: SocialLogin, arrival: Arrival, claims: dict[str, Any]) -> list[str]:
    """Departments and own index follow the city's directory at every sign-in; returns the names of the groups."""
    user: User = sociallogin.user
    departments, groups = _texts(claims, "departments"), _texts(claims, "groups")
    indexes = blind_indexes(arrival.identity_code)
    if User.objects.filter(own_index__in=indexes).exclude(pk=user.pk).exists():
        raise SignInRefused("second-account")
    # Before their own: family is known by what both carry.
    move_rows_of(indexes)
    user.departments, user.own_index, user.index_version = departments, indexes[0], index_version()
    if sociallogin.is_existing:
        user.save(update_fields=["departments", "own_index", "index_version"])
        put_in_groups(user, groups)
    else:
        user.kind, user.is_staff = UserKind.STAFF, True
    return groups


def put_in_groups(user: User, names: list[str]) -> None:
    """The back office's rights come with its groups; names that are not ours are passed over."""
    with scope(Role.LOGIN):
        user.groups.set(Group.objects.filter(name__in=names))


def staff_signed_in(*, by: Actor, at: datetime) -> None:
    """After the second step, where there is one already."""
    with scope(Role.LOGIN):
        record(PeopleEntry.SIGNED_IN, by=by, at=at)
