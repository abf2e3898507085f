"""What stands in an account of two people and goes to one of them: told without a word of what is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from consents.usecases.words import Word
from datasources.transfers.models import Arrival
from datasources.wearables.models import DayBooks, Import, KeptRoute, Tie
from portal.people.models import Person
from portal.requests.life.enums import Goes
from portal.requests.models import Request
from portal.walls import Role, scope

REQUEST, WORD, PACKAGE, EARLIER, WATCH = "request", "word", "package", "earlier", "watch"
_WATCH = (Import, DayBooks, KeptRoute, Tie)


@dataclass(frozen=True)
class Thing:
    """`key` names it in the change; `what` and `since` tell the officer which it is in the papers of the case.

    `goes`: to whom where nobody says otherwise. What was done with a closed account earlier is nobody's by itself.
    """

    key: str
    what: StrOrPromise
    number: str
    since: datetime | None
    goes: Goes = Goes.FIRST


def things_of(person: UUID) -> list[Thing]:
    """What stands there, the oldest first of each kind. Opens its own scope."""
    with scope(Role.WORKER, persons=[person]):
        return [*_requests(person), *_words(person), *_packages(person), *_watch(person), *_earlier(person)]


def whose(things: Iterable[Thing], said: Mapping[str, str]) -> dict[str, Goes]:
    """{key: to whom} of each: as the officer said, or as it is by itself."""
    return {thing.key: Goes(said.get(thing.key, thing.goes)) for thing in things}


def ids_of(kind: str, goes: Goes, among: Mapping[str, Goes]) -> list[UUID]:
    """The rows of that kind that go there."""
    chosen = (key.partition(":") for key, where in among.items() if where is goes)
    return [UUID(told) for of, _, told in chosen if of == kind and told]


def _requests(person: UUID) -> list[Thing]:
    rows = Request.objects.filter(person_id=person).order_by("received_at")
    return [Thing(f"{REQUEST}:{row.pk}", row.get_kind_display(), row.number, row.received_at) for row in rows]


def _words(person: UUID) -> list[Thing]:
    rows = Word.objects.filter(person_id=person).order_by("sent_at")
    return [Thing(f"{WORD}:{row.pk}", row.get_kind_display(), "", row.sent_at) for row in rows]


def _packages(person: UUID) -> list[Thing]:
    rows = Arrival.objects.filter(person_id=person).order_by("pk")
    what = _("Package from another city")
    return [Thing(f"{PACKAGE}:{row.pk}", what, row.city, row.accepted_at) for row in rows]


def _watch(person: UUID) -> list[Thing]:
    if not any(model._default_manager.filter(person_id=person).exists() for model in _WATCH):
        return []
    return [Thing(f"{WATCH}:", _("All that was brought from a watch or phone"), "", None)]


def _earlier(person: UUID) -> list[Thing]:
    rows = Person.objects.filter(continues_as=person).order_by("created_at")
    what = _("Log and permissions of an account that was joined to this one")
    return [Thing(f"{EARLIER}:{row.pk}", what, "", row.created_at, Goes.NEITHER) for row in rows]
