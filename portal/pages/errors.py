"""Pages for what went wrong. Not found and not allowed are one text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or from a session that has ended."""
    return render(request, "pages/form_refused.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one text for what is not there and what is not yours."""
    return render(request, "404.html", status=404)
