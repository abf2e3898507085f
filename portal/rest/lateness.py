"""The answer to whoever sends half a request (portal.intake): 408 (RFC 9110 §15.5.9), in the manner of the address."""

from collections.abc import Callable

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, override

from portal.intake.bodies import IS_LATE
from portal.rest.problem_kinds import TOO_SLOW, kinds
from portal.rest.problems import problem

_FOR_PROGRAMS = ("/api/", "/oauth/")


class LateMiddleware:
    """First of all: there is no body to look at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A problem for programs; for people a sentence in each language, as nobody knows which is theirs."""
        if not request.META.get(IS_LATE):
            return self.get_response(request)
        kind, told = "application/problem+json", msgspec.json.encode(problem(TOO_SLOW))
        if not request.path_info.startswith(_FOR_PROGRAMS):
            kind, told = "text/plain; charset=utf-8", _in_each_language(kinds()[TOO_SLOW].title).encode()
        headers = {"Cache-Control": "no-store", "Connection": "close"}
        return HttpResponse(told, status=408, content_type=kind, headers=headers)


def _in_each_language(message: str) -> str:
    lines = []
    for code, _ in settings.LANGUAGES:
        with override(code):
            lines.append(gettext(message))
    return "\n".join(lines) + "\n"
