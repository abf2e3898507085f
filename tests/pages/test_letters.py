"""The page of letters: what is chosen there, by whom, and what it shows."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from portal.ledger.actor import resident
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.notices.models import Letter, LetterChoice, Notice
from portal.notices.queries import Choice, choice_of
from portal.people.models import Person
from portal.walls import Role, scope
from tests.residents import Resident

Enter = Callable[[str], Resident]
PAGE = "/en/settings/letters/"


@pytest.fixture(autouse=True)
def both_ways(settings: LazySettings) -> None:
    settings.LETTERS_FROM = "letters@example.com"
    settings.MESSAGES_URL = "http://127.0.0.1:9"


def chosen(one: Resident) -> Choice:
    with scope(Role.RESIDENT, persons=[one.person]):
        return choice_of(one.person, language="none")


def test_nothing_is_sent_until_it_is_asked_for(resident_in: Enter) -> None:
    raili = resident_in("raili")
    page = raili.browser.get(PAGE).content.decode()
    assert '<input type="radio" name="way" value="nothing" checked>' in page
    assert '<input type="checkbox" name="desk">' in page
    assert chosen(raili) == Choice(language="none")


def test_a_choice_is_kept_and_told_and_the_page_says_so(resident_in: Enter) -> None:
    raili = resident_in("raili")
    told = {"way": "messages", "desk": "on", "language": "sv"}
    page = raili.browser.post(PAGE, told, follow=True).content.decode()
    assert (page.count("Your choice was saved."), page.count("Your choices of letters were changed.")) == (1, 1)
    assert '<input type="radio" name="way" value="messages" checked>' in page
    assert chosen(raili) == Choice("messages", digest=False, desk=True, language="sv")


@pytest.mark.parametrize("told", [{}, {"way": "pigeon", "language": "fi"}, {"way": "messages", "language": "de"}])
def test_what_was_not_offered_is_not_saved(told: dict[str, str], resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer = raili.browser.post(PAGE, told)
    assert (answer.status_code, "Nothing was saved." in answer.content.decode()) == (422, True)
    assert chosen(raili) == Choice(language="none")


def test_e_mail_is_offered_only_to_whom_a_sign_in_has_brought_an_address(resident_in: Enter) -> None:
    raili = resident_in("raili")
    without = 'value="email"' in raili.browser.get(PAGE).content.decode()
    refused = raili.browser.post(PAGE, {"way": "email", "language": "fi"}).status_code
    with scope(Role.RESIDENT, persons=[raili.person]):
        Person.objects.update(sealed_email=b"sealed")
    assert (without, refused) == (False, 422)
    assert 'value="email"' in raili.browser.get(PAGE).content.decode()


def test_a_portal_without_any_way_offers_none(resident_in: Enter, settings: LazySettings) -> None:
    settings.MESSAGES_URL = settings.LETTERS_FROM = ""
    assert resident_in("raili").browser.get(PAGE).content.decode().count('name="way"') == 1


def test_another_residents_choices_letters_and_notices_are_not_there(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    otso.browser.post(PAGE, {"way": "messages", "desk": "on", "language": "sv"})
    with scope(Role.RESIDENT, persons=[otso.person]):
        tell(otso.person, NoticeKind.WITHDRAWN, by=resident(otso.person), at=Notice.objects.earliest("at").at)
    page = raili.browser.get(PAGE).content.decode()
    assert "You took a permission back." not in page
    assert '<input type="radio" name="way" value="nothing" checked>' in page
    with scope(Role.RESIDENT, persons=[raili.person]):
        held = [table.objects.filter(person_id=otso.person).count() for table in (Notice, Letter)]
        assert (held, LetterChoice.objects.filter(pk=otso.person).count()) == ([0, 0], 0)


def test_a_letter_is_shown_as_an_example_with_the_desks_phone(resident_in: Enter) -> None:
    page = resident_in("raili").browser.get(PAGE).content.decode()
    example = page[page.index('id="example"') : page.index("What there has been")]
    assert "There is something new for you in the service My data in Espoo" in example
    assert "09 555 0100" in example


@pytest.mark.security("V3.5.1")
def test_a_press_from_another_site_changes_nothing(resident_in: Enter) -> None:
    raili = resident_in("raili")
    browser = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    browser.cookies = raili.browser.cookies
    assert browser.post(PAGE, {"way": "messages", "language": "fi"}).status_code == 403
    assert chosen(raili) == Choice(language="none")
