"""The way to a maker's page and back: what was begun stands in the session, and is good once, for ten minutes."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

_KEPT = "tie_begun"
_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    """`verifier` proves at the maker's that it is us who come with the code (RFC 7636)."""

    language: str
    verifier: str = field(repr=False)


def begin(request: HttpRequest, maker: str, *, person: UUID, language: str, at: datetime) -> tuple[str, str]:
    """(state, challenge) for the maker's page. Whatever was begun before is over."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    told = {"maker": maker, "person": str(person), "language": language, "begun_at": at.isoformat()}
    request.session[_KEPT] = {**told, "state": state, "verifier": verifier}
    digest = hashlib.sha256(verifier.encode()).digest()
    return state, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def come_back(request: HttpRequest, maker: str, *, person: UUID, at: datetime) -> Begun | None:
    """What this session began, used up by asking; None unless it is this maker, this person, this state, and soon."""
    kept: dict[str, Any] = request.session.pop(_KEPT, None) or {}
    state = request.GET.get("state", "")
    if (kept.get("maker"), kept.get("person")) != (maker, str(person)):
        return None
    if not constant_time_compare(state, kept["state"]):
        return None
    if datetime.fromisoformat(kept["begun_at"]) < at - _LASTS:
        return None
    return Begun(kept["language"], kept["verifier"])


def address_back(maker: str) -> str:
    """The one address that is registered at the maker's, to the letter: in no language."""
    return f"{settings.PUBLIC_URL}{reverse('tied', args=[maker])}"
