"""Errors as RFC 9457 problems: never a value of a person's data, never a stack."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

TYPES = {
    "bad-request": "The request could not be understood.",
    "bad-token": "The access token does not hold.",
    "not-allowed": "This token does not carry the scope that this call needs.",
    "not-found": "There is nothing here for this client.",
    "wrong-method": "This address does not take this method.",
    "wrong-type": "Send JSON.",
    "too-many": "Too many requests.",
    "broken": "The portal could not answer. Nothing was changed.",
}
_OF_STATUS = {
    400: "bad-request",
    401: "bad-token",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    415: "wrong-type",
    429: "too-many",
}


@dataclass(frozen=True)
class Flaw:
    """One bad field: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


class BadRequest(exceptions.APIException):
    """The body is not what this call takes."""

    status_code = 400

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(TYPES["bad-request"])
        self.flaws = flaws


def problem(status: int, *, flaws: tuple[Flaw, ...] = ()) -> dict[str, Any]:
    """The body of a problem."""
    slug = _OF_STATUS.get(status, "broken")
    told: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/problems/{slug}/",
        "title": TYPES[slug],
        "status": status,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if flaws:
        told["errors"] = [{"pointer": flaw.pointer, "detail": flaw.detail} for flaw in flaws]
    return told


def problem_handler(fault: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: known faults become problems, unknown ones go on to the 500 page and the log."""
    if isinstance(fault, Http404):
        fault = exceptions.NotFound()
    elif isinstance(fault, PermissionDenied):
        fault = exceptions.PermissionDenied()
    if not isinstance(fault, exceptions.APIException):
        return None
    flaws = fault.flaws if isinstance(fault, BadRequest) else ()
    answer = Response(problem(fault.status_code, flaws=flaws), status=fault.status_code)
    answer.content_type = "application/problem+json"
    # DRF sets `wait` on the instance; its stubs do not name it.
    if pause := getattr(fault, "wait", None):
        answer["Retry-After"] = str(int(pause))
    if isinstance(fault, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        answer["WWW-Authenticate"] = "Bearer"
    return answer
