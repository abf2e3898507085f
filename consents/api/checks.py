"""The API over permissions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from consents.api.naming import Slug, SubjectIn, named_each
from consents.api.programs import bad_algorithm
from consents.checking import Answer, Way, check
from consents.enums import OutsideReason
from consents.errors import NoSuchPurpose
from consents.rules.programs import Unfit
from portal.people.subjects import lookups_of
from portal.rest.authentication import caller_of
from portal.rest.bodies import answered, body_of
from portal.rest.schema import described
from portal.walls import Role, pipelined, scope


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """May I use these datasets for this purpose? `algorithm`: by this program of the register."""

    purpose: Slug
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    subjects: Annotated[list[SubjectIn], msgspec.Meta(min_length=1, max_length=1000)]
    algorithm: Slug | None = None


class DatasetOut(msgspec.Struct, gc=False):
    """One dataset of one answer; `fields` are those that may be used."""

    dataset: str
    allowed: bool
    reason: OutsideReason
    fields: tuple[str, ...]


class AnswerOut(msgspec.Struct, gc=False):
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
    """Thousands are answered in a few ways: what is said of the datasets is written out once a way."""
    written = {way: _parts(way, datasets) for way in {answer.way for answer in answers}}
    told = []
    for answer in answers:
        way = answer.way
        consent, until, parts = answer.consent, answer.valid_until, written[way]
        told.append(AnswerOut(answer.subject, way.allowed, way.reason, way.basis, consent, until, parts))
    return ChecksOut(told)


def _parts(way: Way, datasets: Sequence[str]) -> list[DatasetOut]:
    """As JSON already, which the encoder takes for what it is."""
    parts = [
        DatasetOut(slug, part.allowed, part.reason, part.fields) for slug, part in zip(datasets, way.parts, strict=True)
    ]
    return cast("list[DatasetOut]", msgspec.Raw(msgspec.json.encode(parts)))


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
    def post(self, request: Request) -> HttpResponse:
        """May I? Up to 1,000 people, one purpose, up to 50 datasets; answers in the order asked.

        Anything but `allowed: true` means no, and an answer is worth nothing tomorrow: ask each time. Someone unknown,
        someone never asked and someone who said no look alike: `no_consent`.
        """
        asked = body_of(request, CheckIn)
        caller = caller_of(request)
        if not caller.may_name(asked.purpose):
            raise Http404
        people = named_each(caller.department, asked.subjects, at="/subjects")
        try:
            with pipelined(), scope(Role.API, lookups=lookups_of(people)):
                answers = check(
                    asked.purpose,
                    asked.datasets,
                    people,
                    by=caller.actor,
                    at=timezone.now(),
                    edition=caller.edition,
                    algorithm=asked.algorithm or "",
                )
        except NoSuchPurpose:
            raise Http404 from None
        except Unfit as fault:
            raise bad_algorithm(fault, place="") from None
        return answered(_told(answers, asked.datasets))
