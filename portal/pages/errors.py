"""Pages for what went wrong. Not found and not allowed are one text."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.keys.errors import KeyMissing

_log = logging.getLogger("portal.keys")
_COME_AGAIN = "60"


class KeysAwayMiddleware:
    """While a key cannot be read nothing is shown, changed or stored in plain: 503, until it is there again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before and after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that needs no key itself."""
        if not isinstance(exception, KeyMissing):
            return None
        # It names the key or the file and never holds either.
        _log.error("A key is missing: %s", exception)
        headers = {"Retry-After": _COME_AGAIN, "Cache-Control": "no-store"}
        return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or from a session that has ended."""
    return render(request, "pages/form_refused.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one text for what is not there and what is not yours."""
    return render(request, "404.html", status=404)
