"""Staff who tell and confirm what happened in a life."""

from uuid import UUID, uuid4

from django.utils import timezone

from portal.keys.indexes import blind_index
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.models import Person, User, UserKind
from portal.requests.life.enums import LifeKind
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, confirm_change, tell_change
from portal.walls import Role, scope
from tests.requests.queue import OWN

CASE = "77/2026"


class Officer:
    """A data protection officer with a log-in, who is one of the demo's staff, or has this code."""

    def __init__(self, slug: str = "dpo", *, code: str = "") -> None:
        told = {"kind": UserKind.STAFF, "is_staff": True, "departments": ["*"]}
        index = blind_index(code or OWN[slug])
        self.user = User.objects.create(username=str(uuid4()), own_index=index, **told)
        self.by = Actor(ActorKind.STAFF, self.user.username, Right.OFFICE, role="dpo")

    def tells(self, person: UUID, new_code: str = "") -> LifeChange:
        kind = LifeKind.CODE if new_code else LifeKind.DEATH
        happening = Happening(kind, person, CASE, new_code)
        return tell_change(happening, staff=self.user, by=self.by, at=timezone.now())

    def confirms(self, change: LifeChange, person: UUID | None, new_code: str = "") -> None:
        now = timezone.now()
        confirm_change(change.pk, person=person, new_code=new_code, staff=self.user, by=self.by, at=now)


def row_of(person: UUID) -> Person:
    with scope(Role.WORKER):
        return Person.objects.get(pk=person)
