"""Errors as RFC 9457 problems: never a value of a person's data, never a stack."""

from typing import Any
from uuid import uuid4

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.response import Response

TYPES = {
    "bad-request": gettext_noop("The request could not be understood."),
    "bad-token": gettext_noop("The access token does not hold."),
    "not-allowed": gettext_noop("This token does not carry the scope that this call needs."),
    "not-found": gettext_noop("There is nothing here for this client."),
    "wrong-method": gettext_noop("This address does not take this method."),
    "wrong-type": gettext_noop("Send JSON."),
    "too-many": gettext_noop("Too many requests."),
    "broken": gettext_noop("The portal could not answer. Nothing was changed."),
}
WHAT_TO_DO = {
    "bad-request": gettext_noop(
        "“errors” names each place that is wrong. Correct it and send the request again; nothing was done."
    ),
    "bad-token": gettext_noop(
        "Tokens hold for ten minutes. Get a new one. If that does not help, ask the city whether your system is still "
        "switched on."
    ),
    "not-allowed": gettext_noop(
        "Ask for the scope when you get the token. If your system does not have it, the city can give it."
    ),
    "not-found": gettext_noop(
        "Check the name. What belongs to another department is not told apart from what does not exist."
    ),
    "wrong-method": gettext_noop("The description of the API says which method to use."),
    "wrong-type": gettext_noop("Send the body as JSON, with the header Content-Type: application/json."),
    "too-many": gettext_noop("Wait for as many seconds as the header Retry-After says, then send the request again."),
    "broken": gettext_noop("Try again in a moment. If it goes on, tell the city the number in “instance”."),
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


class BadRequest(exceptions.APIException):
    """The body is not what this call takes."""

    status_code = 400

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(TYPES["bad-request"])
        self.flaws = flaws


def problem(status: int, *, flaws: tuple[Flaw, ...] = ()) -> Problem:
    """The body of a problem."""
    slug = _OF_STATUS.get(status, "broken")
    return Problem(
        type=f"{settings.PUBLIC_URL}/api/problems/{slug}/",
        title=TYPES[slug],
        status=status,
        instance=f"urn:uuid:{uuid4()}",
        errors=flaws or msgspec.UNSET,
    )


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
