"""Who acts in a request."""

from django.http import HttpRequest

from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.people.models import User, UserKind
from portal.people.session_secrets import name_of


class NobodySignedIn(Exception):
    """There is no log-in behind this request."""


class NotTheirDepartment(Exception):
    """A staff member may act only for a department of their own."""


def actor_of(request: HttpRequest, *, unit: str = "") -> Actor:
    """The resident in their own matter, or the staff member with their name (sealed when recorded).

    `unit`: the slug of the department a staff member acts for; without it their only one, or none. `role` is their
    groups, sorted, with a space between. NobodySignedIn, NotTheirDepartment. For staff: outside every scope, or in one
    of LOGIN or STAFF, which may read the groups.
    """
    user = request.user
    if not isinstance(user, User):
        raise NobodySignedIn
    if user.kind == UserKind.RESIDENT:
        return resident(user.person_id)
    if unit and "*" not in user.departments and unit not in user.departments:
        raise NotTheirDepartment
    only = user.departments[0] if len(user.departments) == 1 and user.departments != ["*"] else ""
    return Actor(
        kind=ActorKind.STAFF,
        id=user.username,
        right=Right.OFFICE,
        unit=unit or only,
        role=" ".join(sorted(user.groups.values_list("name", flat=True))),
        name=name_of(request),
    )
