"""One letter to one person."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from portal.notices.errors import NoMailbox, NoSuchWay
from portal.notices.messages.client import Client
from portal.notices.messages.shape import electronic


@lru_cache(maxsize=4)
def _client(url: str, username: str, password: str) -> Client:
    return Client(url, username, password)


def send(identity_code: str, subject: str, body: str, *, letter: UUID) -> None:
    """NoMailbox when the person does not use the service; NotNow when it is away."""
    if not settings.MESSAGES_URL:
        raise NoSuchWay
    client = _client(settings.MESSAGES_URL, settings.MESSAGES_USERNAME, settings.MESSAGES_PASSWORD)
    if not client.uses_the_service(identity_code):
        raise NoMailbox
    client.send(electronic(identity_code, subject, body, letter=letter, service=settings.MESSAGES_SERVICE_ID))
