"""Which systems are to hear of changes."""

from uuid import UUID

from portal.rest.models import Client

_FOLLOWING = ["changes:read", "webhooks"]


def followers_of(department: str) -> list[UUID]:
    """The department's systems that may follow answers as they change; off today may be on again tomorrow."""
    return list(Client.objects.filter(department=department, scopes__overlap=_FOLLOWING).values_list("id", flat=True))
