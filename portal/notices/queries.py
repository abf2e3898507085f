"""Reading choices, notices and letters. A read starts from the person; row security holds the same line below."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from portal.notices.enums import Way
from portal.notices.models import Letter, LetterChoice, Notice
from portal.notices.rules import TOLD_FOR, TURNS
from portal.people.models import Person


@dataclass(frozen=True)
class Choice:
    """How a person wants letters; the defaults are what holds until they choose."""

    way: str = Way.NOTHING.value
    digest: bool = True
    desk: bool = False
    language: str = "fi"

    @classmethod
    def of(cls, row: LetterChoice) -> "Choice":
        """As the row has it."""
        return cls(row.way, row.digest, row.desk, row.language)


def choice_of(person: UUID, *, language: str) -> Choice:
    """What the person chose; letters nobody asked for are none. `language`: when nothing was chosen yet."""
    row = LetterChoice.objects.filter(pk=person).first()
    return Choice.of(row) if row else Choice(language=language)


def ways_for(person: UUID) -> list[Way]:
    """The ways that this portal is set up for, e-mail only for whom a sign-in has brought an address."""
    ways = [Way.NOTHING]
    has_address = Person.objects.filter(pk=person, sealed_email__isnull=False).exists()
    if settings.LETTERS_FROM and has_address:
        ways.append(Way.EMAIL)
    if settings.MESSAGES_URL:
        ways.append(Way.MESSAGES)
    return ways


def notices_of(person: UUID) -> QuerySet[Notice]:
    """What has waited for the person, newest first."""
    return Notice.objects.filter(person_id=person).order_by("-at", "-pk")


def turns_of(person: UUID, *, at: datetime) -> list[Notice]:
    """What happened to the account or to a life in the last month, newest first: home tells it, letter or not."""
    return list(notices_of(person).filter(kind__in=TURNS, at__gte=at - TOLD_FOR))


def latest_letter(person: UUID) -> Letter | None:
    """The newest letter, sent or not."""
    return Letter.objects.filter(person_id=person).order_by("-made_at").first()
