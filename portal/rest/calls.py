"""Calls of departments go past what only pages need: sessions, languages, forms, messages, a policy for content."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_resolver, set_urlconf
from django.utils.translation import activate
from rest_framework.response import Response

PREFIX = "/api/v1/"
# What no browser is to show: nothing may be loaded for it, sent by it, or framed.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class PolicyMiddleware(CSPMiddleware):
    """The content policy of pages, put together anew for each; an answer that brought a policy keeps its own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, with a policy."""
        return response if HEADER in response else super().process_response(request, response)


class CallsMiddleware:
    """Behind the doors and whatever guards every answer, before all that is about browsers.

    A call brings a token and JSON, no cookie and no language of its own. Whatever is no call of the API (a page that
    describes it) goes the way of every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What the view of this address answers, which turns every fault into a problem by itself."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        urls = getattr(request, "urlconf", settings.ROOT_URLCONF)
        try:
            match = get_resolver(urls).resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not hasattr(match.func, "cls"):
            return self.get_response(request)
        set_urlconf(urls)
        activate(settings.LANGUAGE_CODE)
        request.resolver_match = match
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if isinstance(answer, Response):
            answer.render()
        if not answer.streaming:
            answer.headers.setdefault("Content-Length", str(len(answer.content)))
        answer.headers.setdefault(HEADER, _POLICY)
        return answer
