"""The portal with one address more, which changes something: a log entry is written for each call that is done.

A URL table. What is tried is the door before it; the rooms behind the door have tests of their own.
"""

import os
import signal
import time
from typing import Annotated

import msgspec
from django.db import connection
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.ledger.actions import record
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.kinds import RestEntry
from portal.rest.problem_kinds import NOT_FOUND
from portal.rest.problems import Refused
from portal.urls import urlpatterns as ours


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """`then`: how the call goes on once its entry is written; it waits for whoever holds the lock `until_free`."""

    note: Annotated[str, msgspec.Meta(max_length=40)]
    then: str = "answer"
    seconds: float = 0.0
    until_free: int | None = None


class ActView(APIView):
    """Writes an entry."""

    needs = "consents:check"

    @once
    def post(self, request: Request) -> Response:
        """The number of the entry, and the note."""
        asked, caller = body_of(request, Act), caller_of(request)
        entry = record(RestEntry.CLIENT_CHANGED, by=caller.actor, at=timezone.now(), reference=asked.note)
        time.sleep(asked.seconds)
        if asked.until_free is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [asked.until_free])
        if asked.then == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if asked.then == "break":
            raise RuntimeError(asked.then)
        if asked.then == "refuse":
            raise Refused(NOT_FOUND)
        return Response({"entry": str(entry), "note": asked.note}, status=201, headers={"Location": f"/acts/{entry}/"})


urlpatterns = [path("api/v1/acts/", ActView.as_view()), *ours]
