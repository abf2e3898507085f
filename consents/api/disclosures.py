"""Give me: the records themselves."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from consents.api.naming import Case, Slug, SubjectIn, named
from consents.api.programs import bad_algorithm
from consents.disclosing import Part, disclosing
from consents.enums import OutsideReason
from consents.errors import NamedByCode, NoSuchPurpose
from consents.rules.programs import Unfit
from datasources.enums import FieldType, Signature
from datasources.queries.brought import Origin
from datasources.queries.handing import Described
from portal.ledger.copies import are_overdue
from portal.people.subjects import lookups_of
from portal.rest.authentication import caller_of
from portal.rest.bodies import answered, body_of
from portal.rest.idempotency import attempt_of, keep, replaying
from portal.rest.problem_kinds import LOG_NOT_COPIED
from portal.rest.problems import BadRequest, Flaw, Refused
from portal.rest.schema import described, one_of
from portal.walls import Role, pipelined, scope


class DisclosureIn(msgspec.Struct, forbid_unknown_fields=True):
    """Whose records, for what. `case` is your own case number: the resident sees it beside the entry.

    `algorithm`: the program of the register that they are for. What came of it is told by “uses”.
    """

    purpose: Slug
    subject: SubjectIn
    datasets: Annotated[list[Slug], msgspec.Meta(min_length=1, max_length=50)]
    case: Case = ""
    algorithm: Slug | None = None


class DisclosedFieldOut(msgspec.Struct):
    """What a field is, in Finnish, Swedish and English; `codes` explains those of its codes that stand in a record."""

    label: dict[str, str]
    type: Annotated[str, one_of(FieldType)]
    codes: dict[str, dict[str, str]] | msgspec.UnsetType = msgspec.UNSET


class BroughtOut(msgspec.Struct):
    """Records that the resident brought from another city: who issued the next `records` of them, and when.

    `signature`: `good`; `key_withdrawn` where the issuer gave up the key after a breach, and had signed this before it;
    `doubted` where it was signed after the breach. The city that you ask has not looked whether they are still so.
    """

    issuer: str
    issuer_name: dict[str, str]
    issued_at: datetime
    signature: Annotated[str, one_of(Signature)]
    records: int


class PartOut(msgspec.Struct):
    """One dataset. `as_of`: when its source last told that it is so; null when nothing is held of it here.

    `withheld` are fields of the purpose that this person has not allowed. Money is in cents. `brought_by_resident` is
    there where the resident brought the records themselves: it marks each of them, in the order of `records`.
    """

    dataset: str
    allowed: bool
    reason: OutsideReason
    as_of: datetime | None
    fields: dict[str, DisclosedFieldOut]
    withheld: list[str]
    records: list[dict[str, Any]]
    brought_by_resident: list[BroughtOut] | msgspec.UnsetType = msgspec.UNSET


class DisclosureOut(msgspec.Struct):
    """What was given. `entry` is what the resident now sees in their log.

    Of data given for the common good `subject` is another pseudonym than you asked by: one of that purpose alone.
    """

    subject: str
    entry: UUID
    datasets: list[PartOut]


def body_of_parts(parts: Sequence[Part]) -> bytes:
    """The very bytes of `datasets` in an answer."""
    return msgspec.json.encode([_told(part) for part in parts])


def _told(part: Part) -> PartOut:
    return PartOut(
        dataset=part.dataset,
        allowed=part.allowed,
        reason=part.reason,
        as_of=part.as_of,
        fields={slug: _described(told, {row[slug] for row in part.records}) for slug, told in part.fields.items()},
        withheld=list(part.withheld),
        records=[dict(row) for row in part.records],
        brought_by_resident=[_from(each) for each in part.origins] or msgspec.UNSET,
    )


def _from(origin: Origin) -> BroughtOut:
    return BroughtOut(
        origin.issuer, dict(origin.issuer_name), origin.issued_at, origin.signature.value, origin.records
    )  # fmt: skip


def _described(told: Described, values: set[str | int | Decimal | Any]) -> DisclosedFieldOut:
    used = {code: dict(texts) for code, texts in told.codes.items() if code in values}
    return DisclosedFieldOut(dict(told.label), told.type, used or msgspec.UNSET)


# Somebody must put right what is wrong: seconds.
_COME_AGAIN = 600
_SUBJECT = "kL3vQ0b8nA1xYc5Rr2eWtg"
_PART = {
    "dataset": "sports-courses",
    "allowed": True,
    "reason": "allowed_by_consent",
    "as_of": "2026-11-24T02:10:00Z",
    "fields": {
        "course": {"label": {"fi": "Kurssi", "sv": "Kurs", "en": "Course"}, "type": "text"},
        "starts_on": {"label": {"fi": "Alkaa", "sv": "Börjar", "en": "Starts"}, "type": "date"},
    },
    "withheld": ["place"],
    "records": [{"course": "Uimakoulu 2", "starts_on": "2027-01-11"}],
}


class DisclosuresView(APIView):
    """Records of one resident."""

    needs = "data:read"

    @described(
        "disclose",
        tag="Records",
        needs=needs,
        takes=DisclosureIn,
        gives=DisclosureOut,
        asked={
            "purpose": "swimming-reminders",
            "subject": {"subject": _SUBJECT},
            "datasets": ["sports-courses"],
            "case": "D/1234/2026",
        },
        answered={"subject": _SUBJECT, "entry": "0199f2f0-6a0e-7c55-9b1e-6d4a6a0e2b11", "datasets": [_PART]},
        once=True,
        refusals={503: "The seals of the log are not copied out: no data until they are. See `Retry-After`."},
    )
    def post(self, request: Request) -> HttpResponse:
        """Give me what this person, or the law, allows for this purpose: never more, and said for each dataset.

        The resident sees the entry at once. Nothing waits for a source: `as_of` tells how old each part is. Someone
        unknown, someone never asked and someone who said no look alike: `no_consent`, and no records.
        """
        asked, caller, at = body_of(request, DisclosureIn), caller_of(request), timezone.now()
        attempt = attempt_of(request)
        if are_overdue(at=at):
            raise Refused(LOG_NOT_COPIED, wait=_COME_AGAIN)
        if not caller.may_name(asked.purpose):
            raise Http404
        who = named(caller.department, asked.subject, at="/subject")
        try:
            with pipelined(), scope(Role.API, lookups=lookups_of([who])):
                known = replaying(attempt, at=at)
                disclose = disclosing(
                    asked.purpose,
                    asked.datasets,
                    who,
                    case=asked.case,
                    by=caller.actor,
                    at=at,
                    edition=caller.edition,
                    algorithm=asked.algorithm or "",
                )
                if reply := known():
                    return reply
                given = disclose()
                told = DisclosureOut(given.subject, given.entry, [_told(part) for part in given.parts])
                return keep(attempt, answered(told), at=at)
        except NoSuchPurpose:
            raise Http404 from None
        except NamedByCode as fault:
            raise BadRequest(Flaw("/subject/identity_code", str(fault.__doc__))) from None
        except Unfit as fault:
            raise bad_algorithm(fault, place="") from None
