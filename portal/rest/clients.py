"""Which systems are to hear of changes."""

from uuid import UUID

from portal.rest.models import Client

_FOLLOWING = ["changes:read", "webhooks"]


def followers_of(department: str) -> list[tuple[UUID, str]]:
    """(id, name) of the department's systems that may follow changes; off today may be on again tomorrow."""
    rows = Client.objects.filter(department=department, scopes__overlap=_FOLLOWING)
    return list(rows.values_list("id", "name"))


def listening_among(clients: set[UUID]) -> set[UUID]:
    """Of these systems, those that are switched on and may be told by webhook."""
    rows = Client.objects.filter(pk__in=clients, switched_on=True, scopes__contains=["webhooks"])
    return set(rows.values_list("pk", flat=True))


def name_of(client: UUID) -> str:
    """What the city calls the system."""
    return Client.objects.values_list("name", flat=True).get(pk=client)


def senders_of(department: str) -> list[str]:
    """Names of the department's systems that may send records, in order."""
    rows = Client.objects.filter(department=department, scopes__contains=["data:write"], switched_on=True)
    return list(rows.order_by("name").values_list("name", flat=True))
