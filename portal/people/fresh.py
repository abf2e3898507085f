"""When whoever is signed in last proved who they are: acts that cannot be taken back ask for it anew (ASVS 7.5.3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_IDENTIFIED = "identified_at"


def keep_identified(request: HttpRequest, claims: dict[str, Any], *, at: datetime) -> None:
    """What the identity service says of it: a service that knew them still may have asked nothing this time."""
    told = claims.get("auth_time", claims.get("iat"))
    identified = datetime.fromtimestamp(told, UTC) if isinstance(told, int) else at
    request.session[_IDENTIFIED] = min(identified, at).isoformat()


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """They did so within FRESH_SIGN_IN_SECONDS."""
    identified = request.session.get(_IDENTIFIED)
    if identified is None:
        return False
    return at - datetime.fromisoformat(identified) <= timedelta(seconds=settings.FRESH_SIGN_IN_SECONDS)
