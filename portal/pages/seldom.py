"""How often one resident may press: a person hardly presses thirty times in a minute, a program does."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse

from portal.pages.door import ResidentRequest
from portal.throttle import count, wait

A_MINUTE = 30
View = Callable[..., HttpResponse]


def seldom(view: View) -> View:
    """Answer 429 with Retry-After to whoever sends more than A_MINUTE times in a minute. To look is free."""

    @wraps(view)
    def gated(request: ResidentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = time.time()
        if request.method == "POST" and count("presses", str(request.person), now=now) > A_MINUTE:
            answer = TemplateResponse(request, "pages/too_often.html", status=429)
            answer["Retry-After"] = str(wait(now))
            return answer
        return view(request, *args, **kwargs)

    return gated
