"""How often one address may try to sign in."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.throttle import count, wait

View = Callable[..., HttpResponse]


def limited(name: str) -> Callable[[View], View]:
    """Answer 429 with Retry-After to an address that came more than SIGN_INS_PER_MINUTE times in this minute."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            now = time.time()
            address: str = get_adapter().get_client_ip(request)
            if count(name, address, now=now) <= settings.SIGN_INS_PER_MINUTE:
                return view(request, *args, **kwargs)
            answer = render(request, "pages/sign_in_failed.html", status=429)
            answer["Retry-After"] = str(wait(now))
            return answer

        return guarded

    return around
