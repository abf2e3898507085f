"""Services that are away, slow, or say no; workers that die; tasks that are rung twice. No notice is lost."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings

from demo.messages.server import Messages, Mood
from portal.jobs.models import Job
from portal.notices import mail, messages
from portal.notices.actions.sending import ring_unsent, send_letter
from portal.notices.actions.writing import write_letter
from portal.notices.enums import NoticeKind
from portal.notices.messages import client
from portal.notices.models import Letter, LetterChoice
from portal.people.models import Person
from portal.walls import Role, scope
from tests.notices.conftest import JOB, NOON, Post, Reader, digests, ring, ring_all
from tests.residents import CODES
from tests.web import free_port

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def confirmed(way: str = "email", *, slug: str = "raili", address: str = "raili@example.com") -> Reader:
    """Someone who has just taken a permission back."""
    one = Reader(slug, address=address).settled(way)
    one.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    return one


def state(one: Reader) -> tuple[str, int, bool, bool]:
    """(fault, tries, sent, given up) of the latest letter."""
    letter = one.letters[-1]
    return letter.fault, letter.tries, letter.sent_at is not None, letter.given_up_at is not None


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_mail_server_that_is_away_gets_the_letter_later(post: Post, settings: LazySettings) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    raili = confirmed()
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)
    settings.EMAIL_PORT = there
    ring_all(NOON + HOUR)
    assert post.letters == []
    ring_all(NOON + HOUR + MINUTE)
    assert (state(raili), len(post.letters)) == (("", 2, True, False), 1)


def test_a_mail_server_that_says_nothing_is_not_waited_for_long(
    post: Post, settings: LazySettings, silent: int
) -> None:
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent, 0.3
    raili = confirmed()
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)


@pytest.mark.parametrize("answer", ["451 try again later", "554 no"])
def test_a_letter_that_the_mail_server_does_not_take_is_tried_again(answer: str, post: Post) -> None:
    post.answers = answer
    raili = confirmed()
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)


@pytest.mark.parametrize(("answer", "wanted"), [("450 full", ("NotNow", False)), ("550 no", ("AddressRefused", True))])
def test_an_address_is_tried_again_unless_it_is_refused_for_good(
    answer: str, wanted: tuple[str, bool], post: Post
) -> None:
    post.refuses = answer
    raili = confirmed()
    ring_all(NOON + HOUR)
    fault, _, _, given_up = state(raili)
    assert (fault, given_up) == wanted


def test_who_has_no_address_gets_no_letter_and_no_notice_is_lost(post: Post) -> None:
    raili = confirmed(address="")
    ring_all(NOON + HOUR)
    assert state(raili) == ("NoAddress", 1, False, True)
    assert [(notice.letter, notice.told_at) for notice in raili.notices] == [(None, None)]


def test_an_address_that_cannot_be_opened_is_given_up_and_not_tried_for_ever(post: Post) -> None:
    raili = confirmed()
    with scope(Role.RESIDENT, persons=[raili.person]):
        Person.objects.update(sealed_email=b"broken" * 10)
    ring_all(NOON + HOUR)
    assert state(raili) == ("PersonGone", 1, False, True)


def test_what_could_not_be_told_for_a_week_is_told_by_the_next_letter(post: Post) -> None:
    post.answers = "451 try again later"
    raili = confirmed()
    for hours in range(1, 200):
        ring_all(NOON + hours * HOUR)
    assert state(raili)[2:] == (False, True)
    assert state(raili)[1] < 15
    post.answers = "250 OK"
    digests(NOON + 9 * DAY)
    ring_all(NOON + 9 * DAY)
    assert len(post.letters) == 1
    assert [notice.told_at for notice in raili.notices] == [NOON + 9 * DAY]


def test_a_task_that_is_rung_twice_sends_once(post: Post) -> None:
    raili = confirmed()
    notice = raili.notices[0].pk
    for _ in range(2):
        with scope(Role.WORKER):
            write_letter(notice, by=JOB, at=NOON + HOUR)
    [letter] = raili.letters
    for _ in range(2):
        send_letter(letter.pk, by=JOB, at=NOON + HOUR)
    assert len(post.letters) == 1


class Killed(BaseException):
    """The worker dies here."""


def dies_after_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    def sent_and_gone(*words: str, letter: UUID, language: str) -> None:
        sending(*words, letter=letter, language=language)
        raise Killed

    sending = mail.send
    monkeypatch.setattr(mail, "send", sent_and_gone)


def test_a_worker_that_dies_before_it_marks_the_letter_makes_it_go_again_under_one_name(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    raili = confirmed()
    assert ring(NOON + HOUR) == 1
    with monkeypatch.context() as patched:
        dies_after_sending(patched)
        with pytest.raises(Killed):
            ring(NOON + HOUR)
    send_letter(raili.letters[0].pk, by=JOB, at=NOON + HOUR + MINUTE)
    assert len(post.letters) == 1  # it is its sender's for ten minutes
    with scope(Role.WORKER):
        assert ring_unsent(by=JOB, at=NOON + 2 * HOUR) == 1
        assert ring_unsent(by=JOB, at=NOON + 2 * HOUR) == 0
    ring_all(NOON + 2 * HOUR)
    names = {letter["Message-ID"] for letter in post.letters}
    assert (len(post.letters), names) == (2, {f"<{raili.letters[0].pk}@127.0.0.1>"})
    assert state(raili) == ("", 2, True, False)


def test_a_letter_whose_job_was_lost_is_rung_for_anew(post: Post) -> None:
    raili = confirmed()
    ring(NOON + HOUR)
    with scope(Role.WORKER):
        Job.objects.all().delete()
        assert ring_unsent(by=JOB, at=NOON + 2 * HOUR) == 1
    ring_all(NOON + 2 * HOUR)
    assert state(raili) == ("", 1, True, False)


def test_two_rounds_at_once_and_a_choice_made_anew_give_one_digest_a_month(post: Post) -> None:
    raili = Reader().settled("email")
    raili.noticed(NoticeKind.QUESTION, at=NOON + HOUR)
    digests(NOON + DAY)
    with scope(Role.WORKER):
        Letter.objects.update(sent_at=NOON + DAY)
        LetterChoice.objects.update(digest_from_at=NOON)
    raili.noticed(NoticeKind.QUESTION, at=NOON + 2 * DAY)
    digests(NOON + 2 * DAY)
    assert len(raili.letters) == 1


# ---- Suomi.fi Messages -----------------------------------------------------------------------------------------------


def test_a_letter_goes_to_suomi_fi_messages_with_the_code_in_the_body_only(
    service: Messages, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    raili = confirmed("messages")
    ring_all(NOON + HOUR)
    [message] = service.sent.values()
    assert (message.to, message.external_id) == (CODES["raili"], str(raili.letters[0].pk))
    assert message.title == "Sinulle on uutta: Tietoni Espoossa"
    outside = caplog.text + "".join(capfd.readouterr()) + "".join(service.asked)
    assert CODES["raili"] not in outside
    assert state(raili) == ("", 1, True, False)


@pytest.mark.parametrize("mood", [Mood.DOWN, Mood.GARBLED])
def test_a_service_that_is_out_of_order_gets_the_message_later(mood: Mood, service: Messages) -> None:
    service.mood = mood
    raili = confirmed("messages")
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)
    service.mood = Mood.OK
    ring_all(NOON + HOUR + MINUTE)
    assert (state(raili), len(service.sent)) == (("", 2, True, False), 1)


def test_a_service_that_is_slow_is_not_waited_for_long(service: Messages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)
    service.mood, service.slow_seconds = Mood.SLOW, 1.0
    raili = confirmed("messages")
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)


def test_a_token_that_is_no_longer_good_is_fetched_anew(service: Messages) -> None:
    raili, aino = confirmed("messages"), confirmed("messages", slug="aino")
    ring(NOON + HOUR)
    send_letter(raili.letters[0].pk, by=JOB, at=NOON + HOUR)
    service.mood = Mood.FORGETS_TOKENS
    send_letter(aino.letters[0].pk, by=JOB, at=NOON + HOUR)
    assert len(service.sent) == 2


def test_who_does_not_use_the_service_gets_nothing_and_no_notice_is_lost(service: Messages) -> None:
    otso = confirmed("messages", slug="otso")
    ring_all(NOON + HOUR)
    assert (state(otso), service.sent) == (("NoMailbox", 1, False, True), {})
    assert [(notice.letter, notice.told_at) for notice in otso.notices] == [(None, None)]


def test_a_wrong_password_is_the_portals_own_fault_and_the_letter_waits(
    service: Messages, settings: LazySettings
) -> None:
    settings.MESSAGES_PASSWORD = "wrong"
    raili = confirmed("messages")
    ring_all(NOON + HOUR)
    assert state(raili) == ("NotNow", 1, False, False)


def test_what_was_handed_over_before_is_not_there_twice(service: Messages) -> None:
    letter = UUID(int=7)
    for _ in range(2):
        messages.send(CODES["raili"], "A title", "A body", letter=letter)
    assert [message.id for message in service.sent.values()] == [1]


def test_a_way_that_is_not_set_up_is_no_way(settings: LazySettings) -> None:
    raili = confirmed("messages")
    ring_all(NOON + HOUR)
    assert state(raili) == ("NoSuchWay", 1, False, True)
