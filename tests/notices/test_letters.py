"""From what happens to a letter in the box: what goes, when, to whom, and what it says."""

from datetime import timedelta
from email.message import Message

import pytest

from portal.ledger.actions import sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.notices.enums import NoticeKind
from portal.people.actions import Arrival, Names, sign_in
from portal.people.models import Person
from portal.walls import Role, scope
from tests.notices.conftest import ADDRESS, JOB, NOON, Post, Reader, digests, ring, ring_all
from tests.residents import CODES

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CLERK = Actor(ActorKind.STAFF, "clerk-1", Right.OFFICE, unit="sports", role="clerk")


def said(letter: Message) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")  # type: ignore[attr-defined]


def test_a_confirmation_goes_at_once_and_says_nothing_but_that_there_is_something(post: Post) -> None:
    raili = Reader().settled("email", language="en")
    raili.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    ring_all(NOON + HOUR)
    [letter] = post.letters
    assert (letter["To"], letter["Subject"]) == (
        ADDRESS,
        "Something new for you: My data in Espoo",
    )
    assert said(letter) == (
        "Hello,\n\nThere is something new for you in the service My data in Espoo. Sign in to read it:\n"
        "http://127.0.0.1:8000/en/\n\n"
        "We never ask for your bank codes or your personal identity code in a message or by phone.\n\n"
        "You choose which letters you get. You can change your choice in the settings of the service.\n\n"
        "Do you need help? Call us on 09 555 0100 or visit us:\n"
        "Service point, Example shopping centre, 2nd floor\n\nCity of Espoo\n"
    )
    assert [notice.told_at for notice in raili.notices] == [NOON + HOUR]


@pytest.mark.parametrize(
    ("language", "subject", "front"),
    [
        ("fi", "Sinulle on uutta: Tietoni Espoossa", "/fi/"),
        ("sv", "Nytt för dig: Mina uppgifter i Esbo", "/sv/"),
    ],
)
def test_a_letter_is_in_the_language_that_was_chosen(language: str, subject: str, front: str, post: Post) -> None:
    raili = Reader().settled("email", language=language)
    raili.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    ring_all(NOON + HOUR)
    assert [letter["Subject"] for letter in post.letters] == [subject]
    assert f"http://127.0.0.1:8000{front}\n" in said(post.letters[0])


@pytest.mark.parametrize("kind", NoticeKind)
def test_no_letter_tells_what_it_is_about_or_whom_it_is_for(kind: NoticeKind, post: Post) -> None:
    raili = Reader().settled("email", language="en")
    raili.noticed(kind, at=NOON + HOUR)
    ring_all(NOON + HOUR)
    digests(NOON + DAY)
    ring_all(NOON + DAY)
    [letter] = post.letters
    whole = letter.as_string()
    held = (CODES["raili"], str(raili.person), "raili", "Testi", kind.value, "permission")
    assert [word for word in held if word in whole.replace(ADDRESS, "")] == []


def test_what_can_wait_is_gathered_into_one_letter_a_month(post: Post) -> None:
    raili = Reader().settled("email")
    for hours in (1, 2, 3):
        raili.noticed(NoticeKind.QUESTION, at=NOON + hours * HOUR)
    for days in range(1, 70):
        raili.noticed(NoticeKind.ENDED, at=NOON + days * DAY)
        digests(NOON + days * DAY + HOUR)
        digests(NOON + days * DAY + 2 * HOUR)
        ring_all(NOON + days * DAY + 2 * HOUR)
    sent = [letter.sent_at for letter in raili.letters]
    assert sent == [NOON + DAY + 2 * HOUR, NOON + 31 * DAY + 2 * HOUR, NOON + 62 * DAY + 2 * HOUR]
    assert len(post.letters) == 3


def test_what_was_seen_by_signing_in_needs_no_letter(post: Post) -> None:
    raili = Reader().settled("email")
    raili.noticed(NoticeKind.QUESTION, at=NOON)
    digests(NOON + DAY)
    assert raili.letters == []
    raili.noticed(NoticeKind.QUESTION, at=NOON + 2 * DAY)
    arrival = Arrival(CODES["raili"], Names("Testi", "raili"), ADDRESS)
    with scope(Role.WORKER):
        person = Person.objects.get(pk=raili.person)
    sign_in(person, arrival, by=JOB, at=NOON + 3 * DAY, method="loa2")
    digests(NOON + 4 * DAY)
    assert raili.letters == []


@pytest.mark.parametrize("chosen", [None, ("nothing", True), ("email", False)])
def test_nobody_gets_a_letter_who_did_not_ask_for_it(chosen: tuple[str, bool] | None, post: Post) -> None:
    raili = Reader()
    if chosen:
        raili.settled(chosen[0], digest=chosen[1])
    raili.noticed(NoticeKind.QUESTION, at=NOON + HOUR)
    if chosen is None or chosen[0] == "nothing":
        raili.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    digests(NOON + DAY)
    ring_all(NOON + DAY)
    assert (raili.letters, post.letters) == ([], [])


def test_of_what_was_done_at_a_desk_no_letter_goes_unless_it_was_asked_for(post: Post) -> None:
    raili, otso = Reader().settled("email"), Reader("otso").settled("email", desk=True)
    for one in (raili, otso):
        for kind in (NoticeKind.RECORDED, NoticeKind.WITHDRAWN):
            one.noticed(kind, at=NOON + HOUR, by=CLERK)
    ring_all(NOON + HOUR)
    digests(NOON + DAY)
    ring_all(NOON + DAY)
    assert (len(raili.letters), len(otso.letters)) == (0, 2)


def test_a_changed_choice_is_told_the_way_that_was_chosen_before(post: Post) -> None:
    raili = Reader()
    raili.chooses("email", at=NOON)
    raili.chooses("email", at=NOON + HOUR)
    raili.chooses("nothing", at=NOON + 2 * HOUR)
    ring_all(NOON + 2 * HOUR)
    assert [letter.way for letter in raili.letters] == ["email", "email"]
    assert len(post.letters) == 2


def test_each_change_of_choice_and_each_letter_has_its_entry(post: Post) -> None:
    raili = Reader()
    raili.chooses("email", at=NOON)
    raili.chooses("email", at=NOON)
    ring_all(NOON)
    with scope(Role.WORKER):
        sequence(at=NOON)
        kinds = list(Entry.objects.filter(subject=raili.person).order_by("id").values_list("kind", flat=True))
    assert kinds == ["people.arrived", "people.signed_in", "notices.choices_changed", "notices.letter_sent"]


def test_a_letter_that_is_no_longer_wanted_is_not_sent(post: Post) -> None:
    raili = Reader().settled("email")
    raili.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    assert ring(NOON + HOUR) == 1  # written, not sent
    raili.chooses("nothing", at=NOON + 2 * HOUR)
    ring_all(NOON + 2 * HOUR)
    assert [letter.fault for letter in raili.letters] == ["NotWanted", ""]
    assert len(post.letters) == 1


def test_the_address_of_a_letter_is_nowhere_but_in_its_envelope(
    post: Post, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    post.refuses = "550 no such user here"
    raili = Reader().settled("email")
    raili.noticed(NoticeKind.WITHDRAWN, at=NOON + HOUR)
    ring_all(NOON + HOUR)
    said_aloud = caplog.text + "".join(capfd.readouterr())
    assert (post.asked, ADDRESS in said_aloud, CODES["raili"] in said_aloud) == (1, False, False)
    assert [letter.fault for letter in raili.letters] == ["AddressRefused"]
