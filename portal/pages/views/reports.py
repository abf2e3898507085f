"""Where browsers tell what the content security policy kept them from."""

import logging
import time

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.privacy.browser_reports import MOST_BYTES, NotAReport, keep_reports, reports_in
from portal.throttle import count, wait

_A_MINUTE = 30
_log = logging.getLogger("portal.browser")


@csrf_exempt
@require_POST
def browser_reports(request: HttpRequest) -> HttpResponse:
    """204 however much of it was kept; 429 to an address that goes on; 413, 400."""
    now = time.time()
    if count("browser-reports", get_adapter().get_client_ip(request), now=now) > _A_MINUTE:
        return HttpResponse(status=429, headers={"Retry-After": str(wait(now))})
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    door: str = request.door  # type: ignore[attr-defined]
    try:
        reports = reports_in(body, urlconf=str(request.urlconf))
    except NotAReport:
        return HttpResponse(status=400)
    keep_reports(reports, door=door, at=timezone.now())
    for report in reports:
        _log.warning("refused by a browser: %s %s on %s", report.directive, report.blocked, report.route)
    return HttpResponse(status=204)
