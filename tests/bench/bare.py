"""The floors: bare Django views beside the portal's own, on the same server, with the same settings and middleware.

Only a bench mounts these: its own URL table is the portal's with two more addresses.
"""

import json
from functools import cache
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from consents.models import PurposeDataset
from portal.ledger.actor import resident
from portal.pages.door import ResidentRequest
from portal.pages.views import home as pages
from portal.people.models import User
from portal.rest.believing import believed
from portal.urls import urlpatterns as ours
from portal.walls import Role, scope

TABLE = "CREATE TABLE bench_bare (id uuid PRIMARY KEY, body bytea NOT NULL); GRANT INSERT ON bench_bare TO mydata_app"
# As many bytes as an entry of a check.
_BODY = b"x" * 700


@csrf_exempt
def check(request: HttpRequest) -> HttpResponse:
    """The same token check, one SELECT and one INSERT with commit; nothing is decided, nothing is walled."""
    token = believed(request.headers["Authorization"].removeprefix("Bearer "))
    asked = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM rest_client WHERE id = %s AND switched_on", [token.client])
        found = cursor.fetchone()
        cursor.execute("INSERT INTO bench_bare (id, body) VALUES (%s, %s)", [uuid4(), _BODY])
    return JsonResponse({"answers": [{"client": found[0], "purpose": asked["purpose"], "allowed": False}]})


@cache
def _keys() -> tuple[UUID, ...]:
    return tuple(PurposeDataset.objects.values_list("pk", flat=True))


_contexts: dict[UUID, dict[str, Any]] = {}


def _context(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """What the page shows this person, put together once."""
    if person not in _contexts:
        mine = cast("ResidentRequest", request)
        mine.me = mine.person = mine.asks_as = person
        mine.actor, mine.power, mine.born = resident(person), None, None
        with scope(Role.RESIDENT, persons=[person]):
            _contexts[person] = pages.home.__wrapped__(mine).context_data  # type: ignore[attr-defined]
    return _contexts[person]


def home(request: HttpRequest, selects: int) -> HttpResponse:
    """The same session, user and template, and `selects` rows by primary key in place of what the page reads."""
    person = cast("UUID", cast("User", request.user).person_id)
    for number in range(selects):
        PurposeDataset.objects.get(pk=_keys()[number % len(_keys())])
    return render(request, "pages/home.html", _context(request, person))


urlpatterns = [*ours, path("bare/check/", check), path("fi/bare/<int:selects>/home/", home, name="bare_home")]
