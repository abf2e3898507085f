"""The API over permissions."""

from typing import Annotated, Any

import msgspec
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.checking import Answer, NoSuchPurpose, check
from consents.rules import outside
from portal.keys.indexes import NotAnIdentityCode
from portal.people.subjects import Named, NotASubject, by_code, by_subject
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.problems import BadRequest, Flaw
from portal.walls import Role, scope

Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")]


class SubjectIn(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of the two."""

    identity_code: str | None = None
    subject: str | None = None


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """May I use these datasets for this purpose?"""

    purpose: Slug
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    subjects: Annotated[list[SubjectIn], msgspec.Meta(min_length=1, max_length=1000)]


_SUBJECT = {
    "type": "object",
    "properties": {"identity_code": {"type": "string"}, "subject": {"type": "string"}},
    "additionalProperties": False,
}
_REQUEST = {
    "type": "object",
    "required": ["purpose", "datasets", "subjects"],
    "additionalProperties": False,
    "properties": {
        "purpose": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "datasets": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50},
        "subjects": {"type": "array", "items": _SUBJECT, "minItems": 1, "maxItems": 1000},
    },
}
_REASONS = [
    *("allowed_by_law", "allowed_by_consent", "no_consent", "withdrawn", "expired"),
    *("superseded", "restricted", "objected", "not_in_scope"),
]
_DATASET = {
    "type": "object",
    "properties": {
        "dataset": {"type": "string"},
        "allowed": {"type": "boolean"},
        "reason": {"type": "string", "enum": _REASONS},
        "fields": {"type": "array", "items": {"type": "string"}},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "subject": {"type": "string"},
        "allowed": {"type": "boolean"},
        "reason": {"type": "string", "enum": _REASONS},
        "basis": {"type": "string", "nullable": True},
        "consent": {"type": "string", "format": "uuid", "nullable": True},
        "valid_until": {"type": "string", "format": "date-time", "nullable": True},
        "datasets": {"type": "array", "items": _DATASET},
    },
}


def _named(department: str, number: int, given: SubjectIn) -> Named:
    if (given.identity_code is None) == (given.subject is None):
        raise BadRequest(Flaw(f"/subjects/{number}", "Give identity_code or subject, one of them."))
    try:
        if given.identity_code is not None:
            return by_code(department, given.identity_code)
        return by_subject(given.subject or "")
    except NotAnIdentityCode:
        raise BadRequest(Flaw(f"/subjects/{number}/identity_code", "This is not an identity code.")) from None
    except NotASubject:
        raise BadRequest(Flaw(f"/subjects/{number}/subject", "This is not a subject that we gave.")) from None


def _told(answer: Answer) -> dict[str, Any]:
    yes = next((decision for _, decision in answer.decisions if decision.consent), None)
    return {
        "subject": answer.subject,
        "allowed": answer.allowed,
        "reason": answer.reason,
        "basis": next((decision.basis for _, decision in answer.decisions if decision.basis), None),
        "consent": str(yes.consent) if yes else None,
        "valid_until": yes.valid_until.isoformat() if yes and yes.valid_until else None,
        "datasets": [
            {
                "dataset": slug,
                "allowed": decision.allowed,
                "reason": outside(decision, basis=answer.basis).value,
                "fields": list(decision.fields),
            }
            for slug, decision in answer.decisions
        ],
    }


class ChecksView(APIView):
    """May I? Fails closed; whoever is unknown looks like whoever was never asked."""

    needs = "consents:check"

    @extend_schema(
        operation_id="checks_create",
        request={"application/json": _REQUEST},
        responses={200: {"type": "object", "properties": {"answers": {"type": "array", "items": _ANSWER}}}},
    )
    def post(self, request: Request) -> Response:
        """Answers in the order asked."""
        asked = body_of(request, CheckIn)
        caller = caller_of(request)
        named = [_named(caller.department, number, given) for number, given in enumerate(asked.subjects)]
        try:
            with scope(Role.API, lookups=[each.lookup for each in named]):
                answers = check(asked.purpose, asked.datasets, named, by=caller.actor, at=timezone.now())
        except NoSuchPurpose:
            raise Http404 from None
        return Response({"answers": [_told(answer) for answer in answers]})
