"""Asking a resident for a permission."""

import msgspec
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.actions.asking import ask_resident
from consents.api.naming import Slug, SubjectIn, named
from consents.errors import NoSuchPurpose, NotAConsent, NotForSystems
from portal.people.subjects import lookups_of
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.problems import BadRequest, Flaw
from portal.rest.schema import described
from portal.walls import Role, scope


class ConsentRequestIn(msgspec.Struct, forbid_unknown_fields=True):
    """Ask this resident for this purpose."""

    purpose: Slug
    subject: SubjectIn


class ConsentRequestOut(msgspec.Struct):
    """The same for everyone: whether there is such a resident, and whether they are asked, is not told."""

    subject: str
    status: str = "accepted"


class ConsentRequestsView(APIView):
    """Questions to residents."""

    needs = "consents:request"

    @described(
        "ask",
        tag="Permissions",
        needs=needs,
        takes=ConsentRequestIn,
        gives=ConsentRequestOut,
        asked={"purpose": "swimming-reminders", "subject": {"subject": "kL3vQ0b8nA1xYc5Rr2eWtg"}},
        answered={"subject": "kL3vQ0b8nA1xYc5Rr2eWtg", "status": "accepted"},
        once=True,
        status=202,
    )
    @once
    def post(self, request: Request) -> Response:
        """Ask one resident for one published purpose. Their answer comes by `changes` and `checks`, or never.

        A no is not asked again for six months, and at most five questions wait for one resident; whoever asks sooner
        gets the same reply, and the resident no second question.
        """
        asked, caller = body_of(request, ConsentRequestIn), caller_of(request)
        if not caller.may_name(asked.purpose):
            raise Http404
        who = named(caller.department, asked.subject, at="/subject")
        try:
            with scope(Role.API, lookups=lookups_of([who])):
                ask_resident(asked.purpose, who, by=caller.actor, at=timezone.now())
        except NoSuchPurpose:
            raise Http404 from None
        except NotForSystems as fault:
            raise BadRequest(Flaw("/purpose", str(fault))) from None
        except NotAConsent:
            raise BadRequest(Flaw("/purpose", "No permission is asked for this purpose.")) from None
        return Response(ConsentRequestOut(who.subject), status=202)
