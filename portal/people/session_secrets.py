"""What a session keeps sealed: the ID token for log-out, a staff member's name, and that of whom one acts for."""

import base64
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from portal.keys.seals import place, seal_by_ring, unseal_by_ring, version_under

_ID_TOKEN, _NAME, _SUBJECT, _TO_OPEN = "id_token", "name", "acting_name", "about_to_open"


def _keep(request: HttpRequest, column: str, text: str) -> None:
    sealed = seal_by_ring("sessions", text.encode(), aad=place("django_session", column))
    request.session[column] = base64.b64encode(sealed).decode()


def _kept(request: HttpRequest, column: str) -> str:
    sealed = request.session.get(column)
    if not sealed:
        return ""
    return unseal_by_ring("sessions", base64.b64decode(sealed), aad=place("django_session", column)).decode()


def sealed_under(session: Mapping[str, Any]) -> list[int]:
    """The versions of the ring key `sessions` that what a session keeps is sealed with."""
    kept = [session[column] for column in (_ID_TOKEN, _NAME, _SUBJECT) if session.get(column)]
    return [version_under(base64.b64decode(sealed)) for sealed in kept]


def keep_id_token(request: HttpRequest, token: str) -> None:
    """For log-out at the identity service only."""
    _keep(request, _ID_TOKEN, token)


def id_token_of(request: HttpRequest) -> str:
    """The ID token of this session, or nothing."""
    return _kept(request, _ID_TOKEN)


def keep_name(request: HttpRequest, name: str) -> None:
    """A staff member's name, sealed into the entries of what they do."""
    _keep(request, _NAME, name)


def name_of(request: HttpRequest) -> str:
    """The staff member's name, or nothing."""
    return _kept(request, _NAME)


def keep_subject_name(request: HttpRequest, name: str) -> None:
    """The name of whom a resident acts for; none takes it away."""
    if name:
        _keep(request, _SUBJECT, name)
    else:
        request.session.pop(_SUBJECT, None)


def subject_name_of(request: HttpRequest) -> str:
    """The name of whom a resident acts for, or nothing."""
    return _kept(request, _SUBJECT)


def keep_about_to_open(request: HttpRequest, told: str) -> None:
    """Whom a staff member is about to open, with their code; nothing takes it away."""
    if told:
        _keep(request, _TO_OPEN, told)
    else:
        request.session.pop(_TO_OPEN, None)


def who_is_about_to_be_opened(request: HttpRequest) -> str:
    """As it was kept, or nothing."""
    return _kept(request, _TO_OPEN)
