"""Asking the city's integration layer what the population register and the register of mandates tell of one person.

One call, `POST {POPULATION_URL}/relations` with `{"identity_code"}`; it answers for whom this person may act. The code
stands in bodies only. docs/acting-for-others.md has the form of the answer.
"""

from datetime import date

import httpx2
from django.conf import settings
from msgspec import Struct, ValidationError, json

from portal.keys.indexes import NotAnIdentityCode, normal_identity_code
from portal.outward.transport import trusted
from portal.people.behalf.rules import Kind

# Seconds: a person waits for it. It fails closed.
_PATIENCE = 2.0
_LARGEST_ANSWER = 256 * 1024


class RegisterSilent(Exception):
    """The population register did not answer, or not as agreed: nobody acts for anybody now."""


class Bounds(Struct, frozen=True, omit_defaults=True):
    """What bounds a right; days as in ISO 8601."""

    topics: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None
    protected: bool = False
    prevented: bool = False
    blocked: bool = False


class Told(Struct, frozen=True):
    """One right: whose it is and what bounds it. `repr` tells nothing."""

    identity_code: str
    kind: Kind
    bounds: Bounds = Bounds()

    def __repr__(self) -> str:
        return "Told(...)"


class SubjectTold(Struct, frozen=True):
    """Somebody the asker may act for, with every right to act for them that is the asker's or a guardian's."""

    identity_code: str
    given_names: str
    family_name: str
    rights: tuple[Told, ...]
    protected: bool = False
    in_care: bool = False
    died: bool = False
    moved_away: bool = False
    new_code: str = ""

    def __repr__(self) -> str:
        return "SubjectTold(...)"


class Heard(Struct, frozen=True):
    """What is told of one person: for whom they may act, whether they have died or live elsewhere themselves, and by
    which code they are known from now on."""

    acts_for: tuple[SubjectTold, ...]
    died: bool = False
    moved_away: bool = False
    new_code: str = ""

    def __repr__(self) -> str:
        return "Heard(...)"


def in_use() -> bool:
    """This city has told where to ask."""
    return bool(settings.POPULATION_URL)


def ask(identity_code: str) -> Heard:
    """What is told of this person; RegisterSilent when it does not answer in two seconds, or answers otherwise."""
    if not in_use():
        return Heard(())
    try:
        with httpx2.Client(verify=trusted(), timeout=_PATIENCE, follow_redirects=False, trust_env=False) as http:
            answer = http.post(
                f"{settings.POPULATION_URL}/relations",
                json={"identity_code": identity_code},
                headers={"Authorization": f"Bearer {settings.POPULATION_TOKEN}"},
            )
        if answer.status_code != httpx2.codes.OK or len(answer.content) > _LARGEST_ANSWER:
            raise RegisterSilent
        return _checked(json.decode(answer.content, type=Heard))
    except (httpx2.HTTPError, httpx2.InvalidURL, ValidationError, ValueError, RecursionError, NotAnIdentityCode):
        # From None: what could not be read may hold identity codes.
        raise RegisterSilent from None


def _checked(found: Heard) -> Heard:
    """Each person once, each with codes that are some. ValueError, NotAnIdentityCode."""
    codes = [normal_identity_code(subject.identity_code) for subject in found.acts_for]
    if len(set(codes)) != len(codes):
        raise ValueError("The register names one person twice.")
    for new in filter(None, [found.new_code, *(subject.new_code for subject in found.acts_for)]):
        normal_identity_code(new)
    for subject in found.acts_for:
        rights = [(normal_identity_code(right.identity_code), right.kind) for right in subject.rights]
        if len(set(rights)) != len(rights):
            raise ValueError("The register names one right twice.")
    return found
