"""A person who gets letters, a real mail server and a real stand-in of Suomi.fi Messages on loopback."""

import email
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings

from demo.messages.server import PASSWORD, SERVICE, USERNAME, Messages, messages
from portal.jobs.models import Job
from portal.ledger.actor import resident, system
from portal.notices.actions.choosing import choose
from portal.notices.actions.sending import send_letter
from portal.notices.actions.telling import tell
from portal.notices.actions.writing import FIRST, write_digests, write_letter
from portal.notices.enums import NoticeKind
from portal.notices.models import Letter, Notice
from portal.notices.queries import Choice
from portal.people.actions import Arrival, Names, find_or_make, sign_in
from portal.walls import Role, scope
from tests.residents import CODES
from tests.web import free_port

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
JOB = system("tests")
ADDRESS = "raili@example.com"


@dataclass
class Post:
    """What the mail server was given; `refuses` is what it answers to a recipient, `answers` to the letter itself."""

    letters: list[Message] = field(default_factory=list)
    asked: int = 0
    refuses: str = ""
    answers: str = "250 OK"

    async def handle_RCPT(self, _: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.asked += 1
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers.startswith("250"):
            self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return self.answers


@pytest.fixture
def post(settings: LazySettings) -> Iterator[Post]:
    """A mail server that takes every letter, until told otherwise."""
    # The mail server writes down addresses, as mail servers do.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    box = Post()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 2
    settings.LETTERS_FROM = "letters@example.com"
    yield box
    server.stop()


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Messages]:
    """Suomi.fi Messages of the demo."""
    with messages() as running:
        settings.MESSAGES_URL, settings.MESSAGES_SERVICE_ID = running.url, SERVICE
        settings.MESSAGES_USERNAME, settings.MESSAGES_PASSWORD = USERNAME, PASSWORD
        yield running


class Reader:
    """One person, what is noticed for them, and the letters made of it. Each step in the scope of whoever does it."""

    def __init__(self, slug: str = "raili", *, address: str = ADDRESS, at: datetime = NOON) -> None:
        arrival = Arrival(CODES[slug], Names("Testi", slug), address)
        person = find_or_make(arrival, at=at)
        sign_in(person, arrival, by=resident(person.pk), at=at, method="loa2")
        self.person: UUID = person.pk

    def chooses(self, way: str, *, digest: bool = True, desk: bool = False, language: str = "fi", at: datetime) -> bool:
        with scope(Role.RESIDENT, persons=[self.person]):
            chosen = Choice(way, digest, desk, language)
            return choose(self.person, chosen, by=resident(self.person), at=at)

    def settled(self, way: str, **chosen: Any) -> "Reader":
        """Has chosen long ago, and the letter about that is no part of the test."""
        self.chooses(way, at=NOON, **chosen)
        with scope(Role.WORKER):
            Notice.objects.filter(person_id=self.person).delete()
            made = Letter.objects.filter(person_id=self.person)
            Job.objects.filter(arguments__letter_id__in=[str(letter.pk) for letter in made]).delete()
            made.delete()
        return self

    def noticed(self, kind: NoticeKind, *, at: datetime, by: Any = JOB) -> UUID:
        with scope(Role.STAFF if by.kind == "staff" else Role.WORKER, persons=[self.person]):
            return tell(self.person, kind, by=by, at=at)

    @property
    def letters(self) -> list[Letter]:
        with scope(Role.WORKER):
            return list(Letter.objects.filter(person_id=self.person).order_by("made_at", "pk"))

    @property
    def notices(self) -> list[Notice]:
        with scope(Role.WORKER):
            return list(Notice.objects.filter(person_id=self.person).order_by("at"))


def digests(at: datetime, *, batch: int = 500) -> None:
    """The day's round."""
    after: UUID | None = FIRST
    while after is not None:
        with scope(Role.WORKER):
            after = write_digests(after=after, by=JOB, at=at, batch=batch)


def ring(at: datetime) -> int:
    """Do the letters' jobs that are due, as the bell and a worker would; how many there were."""
    with scope(Role.WORKER):
        due = list(Job.objects.filter(name__startswith="notices.", due_at__lte=at, done_at=None).order_by("id"))
        Job.objects.filter(pk__in=[job.pk for job in due]).update(done_at=at)
    for job in due:
        if job.name == "notices.write_letter":
            with scope(Role.WORKER):
                write_letter(UUID(job.arguments["notice_id"]), by=JOB, at=at)
        else:
            send_letter(UUID(job.arguments["letter_id"]), by=JOB, at=at)
    return len(due)


def ring_all(at: datetime) -> None:
    """Until nothing is due."""
    while ring(at):
        pass
