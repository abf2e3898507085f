"""A sign-in asked for again, before what cannot be taken back or is done for another: in front of a view that acts.

@resident_page
@asks_again
def export(request: ResidentRequest) -> HttpResponse: ...
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.pages.door import ResidentRequest
from portal.people.fresh import is_fresh

_ONLY_READS = ("GET", "HEAD", "OPTIONS")
View = Callable[..., HttpResponse]


def asks_again(view: View) -> View:
    """Whoever acts must have signed in within the last minutes: for exports and erasures. To look asks for nothing."""
    return _gated(view, lambda _: True)


def asks_again_for_another(view: View) -> View:
    """The same where they act for somebody else: for answers, exports, erasures."""
    return _gated(view, lambda request: request.power is not None)


def _gated(view: View, applies: Callable[[ResidentRequest], bool]) -> View:
    @wraps(view)
    def gated(request: ResidentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        acts = request.method not in _ONLY_READS
        if acts and applies(request) and not is_fresh(request, at=timezone.now()):
            # Back to the page itself: what was pressed is pressed again, with the text in sight.
            return TemplateResponse(request, "pages/sign_in_again.html", {"next": request.path}, status=403)
        return view(request, *args, **kwargs)

    return gated
