"""Residents to load the portal with: signed in, asked, two of them with a long log. Needs Django set up."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from consents.queries import requests_waiting
from demo.people.person import Person
from portal.ledger.actions import record, sequence
from portal.ledger.actor import system
from portal.people.doors import RESIDENT, cookie_name
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope
from tests.residents import enter

_CSRF = "x" * 32
_WITH_A_LONG_LOG = 2


@dataclass(frozen=True)
class Loaded:
    """Someone with a session: what their browser sends, and the question that they answer again and again."""

    code: str
    cookies: str
    csrf: str
    consent: UUID
    text: UUID


def enter_people(people: Iterable[Person], *, long_log: int) -> list[Loaded]:
    """Each signed in; the first two with `long_log` entries in their log."""
    return [_enter(person, long_log if number < _WITH_A_LONG_LOG else 0) for number, person in enumerate(people)]


def _enter(person: Person, entries: int) -> Loaded:
    one, now = enter(person.slug), timezone.now()
    with scope(Role.RESIDENT, persons=[one.person]):
        question = requests_waiting(one.person).get(purpose__slug="swimming-reminders")
    with scope(Role.WORKER):
        for _ in range(entries):
            record(PeopleEntry.SIGNED_OUT, by=system("load"), at=now, about=one.person)
    with scope(Role.WORKER):
        while sequence(at=now):
            pass
    cookies = one.browser.cookies.output(header="", sep=";").strip()
    csrf = f"{cookie_name(RESIDENT, settings.CSRF_COOKIE_NAME)}={_CSRF}"
    return Loaded(person.identity_code, f"{cookies}; {csrf}", _CSRF, question.pk, question.text_id)
