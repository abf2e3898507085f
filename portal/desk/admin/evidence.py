"""A file that came with a request, for staff who have the request open: a download, never shown."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.desk.opened import is_open
from portal.people.actors import actor_of
from portal.people.models import User
from portal.requests.correcting import take_evidence
from portal.requests.models import Request


def evidence_file(model_admin: Any, request: HttpRequest, asked: UUID, pk: UUID) -> HttpResponse:
    """404 unless the request is open in this session. Each download is an entry in the person's log."""
    found = get_object_or_404(model_admin.get_queryset(request), pk=asked)
    now = timezone.now()
    if not request.user.has_perm("requests.change_request") or not is_open(request, found.pk, at=now):
        raise Http404
    departments = cast("User", request.user).departments
    taken = take_evidence(cast("Request", found), pk, staff=departments, by=actor_of(request), at=now)
    if taken is None:
        raise Http404
    content, kind = taken
    # Whatever it is, no browser opens it here.
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
