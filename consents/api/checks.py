"""The API over permissions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.api.naming import Slug, SubjectIn, named
from consents.checking import Answer, check
from consents.enums import OutsideReason, Reason
from consents.errors import NoSuchPurpose
from consents.rules.deciding import Decision, outside
from portal.rest.authentication import caller_of
from portal.rest.bodies import body_of
from portal.rest.schema import described
from portal.walls import Role, pipelined, scope


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """May I use these datasets for this purpose?"""

    purpose: Slug
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    subjects: Annotated[list[SubjectIn], msgspec.Meta(min_length=1, max_length=1000)]


class DatasetOut(msgspec.Struct):
    """One dataset of one answer; `fields` are those that may be used."""

    dataset: str
    allowed: bool
    reason: OutsideReason
    fields: tuple[str, ...]


class AnswerOut(msgspec.Struct):
    """About one person; allowed when every dataset asked for is. `valid_until` is when a yes ends by itself."""

    subject: str
    allowed: bool
    reason: OutsideReason
    basis: str | None
    consent: UUID | None
    valid_until: datetime | None
    datasets: list[DatasetOut]


class ChecksOut(msgspec.Struct):
    """Answers, in the order asked."""

    answers: list[AnswerOut]


def _told(answers: Sequence[Answer], datasets: Sequence[str]) -> ChecksOut:
    """Thousands are answered in a few ways: what is said of the datasets is put together once a way."""
    ways: dict[tuple[tuple[Reason, tuple[str, ...]], ...], list[DatasetOut]] = {}
    told = []
    for answer in answers:
        way = tuple([(decision.reason, decision.fields) for decision in answer.decisions])
        if (parts := ways.get(way)) is None:
            parts = ways[way] = _parts(answer, datasets)
        consent, until, basis = _yes(answer.decisions)
        told.append(AnswerOut(answer.subject, answer.allowed, answer.reason, basis, consent, until, parts))
    return ChecksOut(told)


def _parts(answer: Answer, datasets: Sequence[str]) -> list[DatasetOut]:
    return [
        DatasetOut(slug, decision.allowed, outside(decision, basis=answer.basis), decision.fields)
        for slug, decision in zip(datasets, answer.decisions, strict=True)
    ]


def _yes(decisions: Sequence[Decision]) -> tuple[UUID | None, datetime | None, str | None]:
    """(consent, its end, basis) of the first dataset that may be used."""
    for decision in decisions:
        if decision.basis:
            return decision.consent, decision.valid_until, decision.basis
    return None, None, None


_PURPOSE, _DATASET, _SUBJECT = "swimming-reminders", "sports-courses", "kL3vQ0b8nA1xYc5Rr2eWtg"
_ANSWERED = {
    "subject": _SUBJECT,
    "allowed": True,
    "reason": "allowed_by_consent",
    "basis": "a",
    "consent": "5f0c1c2e-6f0b-4f5e-9a57-6f1f9d0a2b11",
    "valid_until": "2027-11-24T10:00:00Z",
    "datasets": [
        {"dataset": _DATASET, "allowed": True, "reason": "allowed_by_consent", "fields": ["course", "starts_on"]}
    ],
}


class ChecksView(APIView):
    """May I? Fails closed; whoever is unknown looks like whoever was never asked."""

    needs = "consents:check"

    @described(
        "check",
        tag="Permissions",
        needs=needs,
        takes=CheckIn,
        gives=ChecksOut,
        asked={"purpose": _PURPOSE, "datasets": [_DATASET], "subjects": [{"subject": _SUBJECT}]},
        answered={"answers": [_ANSWERED]},
    )
    def post(self, request: Request) -> Response:
        """May I? Up to 1,000 people, one purpose, up to 50 datasets; answers in the order asked.

        Anything but `allowed: true` means no, and an answer is worth nothing tomorrow: ask each time. Someone unknown,
        someone never asked and someone who said no look alike: `no_consent`.
        """
        asked = body_of(request, CheckIn)
        caller = caller_of(request)
        if not caller.may_name(asked.purpose):
            raise Http404
        people = [
            named(caller.department, given, at=f"/subjects/{number}") for number, given in enumerate(asked.subjects)
        ]
        try:
            with pipelined(), scope(Role.API, lookups=[each.lookup for each in people]):
                answers = check(asked.purpose, asked.datasets, people, by=caller.actor, at=timezone.now())
        except NoSuchPurpose:
            raise Http404 from None
        return Response(_told(answers, asked.datasets))
