"""Which systems are to hear of changes."""

from uuid import UUID

from portal.rest.models import Client

_FOLLOWING = ["changes:read", "webhooks"]


def followers_of(department: str) -> list[tuple[UUID, str]]:
    """(id, name) of the department's systems that may follow changes; off today may be on again tomorrow."""
    rows = Client.objects.filter(department=department, scopes__overlap=_FOLLOWING)
    return list(rows.values_list("id", "name"))


def senders_of(department: str) -> list[str]:
    """Names of the department's systems that may send records, in order."""
    rows = Client.objects.filter(department=department, scopes__contains=["data:write"], switched_on=True)
    return list(rows.order_by("name").values_list("name", flat=True))
