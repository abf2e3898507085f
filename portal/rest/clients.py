"""Which systems are to hear of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from portal.rest.models import Client

_FOLLOWING = ["changes:read", "webhooks"]
_HEARS = "changes:read"


@dataclass(frozen=True)
class Follower:
    """A system as it stands now. `purposes`: the slugs that it may name; none means all of its department."""

    id: UUID
    name: str
    scopes: Sequence[str]
    purposes: Sequence[str]

    def may_hear_of(self, purpose: str) -> bool:
        """Of a change about this purpose; one about no purpose (data erased, corrected) is for all."""
        return not (purpose and self.purposes) or purpose in self.purposes

    def may_be_told_of(self, purpose: str) -> bool:
        """By a message: what it could read in the feed itself."""
        return _HEARS in self.scopes and self.may_hear_of(purpose)


def followers_of(department: str) -> list[Follower]:
    """The department's systems that may follow changes; off today may be on again tomorrow."""
    return _followers(Client.objects.filter(department=department, scopes__overlap=_FOLLOWING))


def listening_among(clients: set[UUID]) -> dict[UUID, Follower]:
    """Of these systems, those that are switched on and may have webhooks."""
    rows = Client.objects.filter(pk__in=clients, switched_on=True, scopes__contains=["webhooks"])
    return {each.id: each for each in _followers(rows)}


def _followers(rows: "QuerySet[Client]") -> list[Follower]:
    return [Follower(*row) for row in rows.values_list("id", "name", "scopes", "purposes")]


def name_of(client: UUID) -> str:
    """What the city calls the system."""
    return Client.objects.values_list("name", flat=True).get(pk=client)


def senders_of(department: str) -> list[str]:
    """Names of the department's systems that may send records, in order."""
    rows = Client.objects.filter(department=department, scopes__contains=["data:write"], switched_on=True)
    return list(rows.order_by("name").values_list("name", flat=True))
