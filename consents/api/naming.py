"""How a body names purposes, datasets and people."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import msgspec

from consents.enums import AnnouncementKind
from portal.keys.indexes import NotAnIdentityCode
from portal.people.subjects import Named, NotASubject, by_code, by_codes, by_subject, by_subjects
from portal.rest.problems import BadRequest, Flaw

Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")]

# What a change is. A pattern, as msgspec can describe no enum of Django's.
ChangeKind = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(map(re.escape, AnnouncementKind.values))})$")]

# A case number of the department's, which the person sees: letters, digits and what joins them, no sentence.
Case = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[\w ./:-]*$")]

# One line of plain text.
PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]*$"
# A unit's or a role's name.
Line = Annotated[str, msgspec.Meta(max_length=120, pattern=PLAIN)]


class SubjectIn(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of the two."""

    identity_code: str | None = None
    subject: str | None = None


def named(department: str, given: SubjectIn, *, at: str) -> Named:
    """Who is meant, as this department may name them; BadRequest. `at` is the JSON pointer of the place in the body."""
    if (given.identity_code is None) == (given.subject is None):
        raise BadRequest(Flaw(at, "Give identity_code or subject, one of them."))
    try:
        if given.identity_code is not None:
            return by_code(department, given.identity_code)
        return by_subject(given.subject or "")
    except NotAnIdentityCode:
        raise BadRequest(Flaw(f"{at}/identity_code", "This is not an identity code.")) from None
    except NotASubject:
        raise BadRequest(Flaw(f"{at}/subject", "This is not a subject that we gave.")) from None


def named_each(department: str, given: Sequence[SubjectIn], *, at: str) -> list[Named]:
    """Who are meant, in the order given; BadRequest. `at` is the JSON pointer of the list."""
    subjects = [each.subject for each in given if each.subject is not None and each.identity_code is None]
    codes = [each.identity_code for each in given if each.identity_code is not None and each.subject is None]
    # The usual case of a system that asks about thousands: they are looked at all at once.
    with suppress(NotASubject, NotAnIdentityCode):
        if len(subjects) == len(given):
            return by_subjects(subjects)
        if len(codes) == len(given):
            return by_codes(department, codes)
    # Of both kinds, or one of them is none: which one and why is told.
    return [named(department, each, at=f"{at}/{number}") for number, each in enumerate(given)]
