"""Errors as RFC 9457 problems: never a value of a person's data, never a stack."""

import logging
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from portal.keys.errors import KeyMissing
from portal.rest.problem_kinds import BAD_REQUEST, BROKEN, OF_STATUS, UNAVAILABLE, kinds

_log = logging.getLogger("portal.rest")
_COME_AGAIN = 60


class Flaw(msgspec.Struct, frozen=True):
    """One bad field: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


class Problem(msgspec.Struct):
    """Why there is no answer (RFC 9457). `type` is an address that explains it; `instance` names this one."""

    type: str
    title: str
    status: int
    instance: str
    errors: tuple[Flaw, ...] | msgspec.UnsetType = msgspec.UNSET


class Refused(exceptions.APIException):
    """A call is answered by a problem of this kind (problem_kinds); `wait`: seconds after which to come again."""

    def __init__(self, slug: str, *flaws: Flaw, wait: int | None = None) -> None:
        known = kinds()[slug]
        super().__init__(known.title)
        self.slug, self.status_code, self.flaws, self.wait = slug, known.status, flaws, wait


class BadRequest(Refused):
    """The body is not what this call takes."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(BAD_REQUEST, *flaws)


def problem(slug: str, *, flaws: tuple[Flaw, ...] = (), instance: UUID | None = None) -> Problem:
    """The body of a problem of this kind."""
    known = kinds()[slug]
    return Problem(
        type=f"{settings.PUBLIC_URL}/api/problems/{slug}/",
        title=known.title,
        status=known.status,
        instance=f"urn:uuid:{instance or uuid4()}",
        errors=flaws or msgspec.UNSET,
    )


def _known(fault: Exception) -> exceptions.APIException | None:
    if isinstance(fault, Http404):
        return exceptions.NotFound()
    if isinstance(fault, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(fault, KeyMissing):
        # It names the key or the file and never holds either.
        _log.error("A key is missing: %s", fault)
        return Refused(UNAVAILABLE, wait=_COME_AGAIN)
    return fault if isinstance(fault, exceptions.APIException) else None


def problem_handler(fault: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook: whatever went wrong is answered as a problem; what nobody expected also goes to the log."""
    known = _known(fault)
    if known is None:
        return _broken(context)
    slug = known.slug if isinstance(known, Refused) else OF_STATUS.get(known.status_code, BROKEN)
    flaws = known.flaws if isinstance(known, Refused) else ()
    answer = _answer(problem(slug, flaws=flaws))
    # DRF sets `wait` on the instance; its stubs do not name it.
    if pause := getattr(known, "wait", None):
        answer["Retry-After"] = str(int(pause))
    if isinstance(known, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _answer(told: Problem) -> Response:
    answer = Response(told, status=told.status)
    answer.content_type = "application/problem+json"
    return answer


def _broken(context: dict[str, Any]) -> Response:
    number = uuid4()
    # In an `except` of DRF's: the log tells the whole of it, under the number that the caller was given.
    _log.exception("The API could not answer: %s", number)
    got_request_exception.send(sender=None, request=context.get("request"))
    return _answer(problem(BROKEN, instance=number))
