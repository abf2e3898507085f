"""The public pages and the feed: who reads what, in how many statements, in which language."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consents.usecases.models import Case
from portal.walls import Role, scope
from tests.residents import Resident
from tests.usecases.talking import CASE, case, comments, published

Enter = Callable[[str], Resident]
ATOM = "{http://www.w3.org/2005/Atom}"
TEXT = {"name": "Nimi", "problem": "Ongelma", "gains": "Kaikki", "risks": "", "figures": "", "source": ""}


def _read(path: str) -> Any:
    return Client(HTTP_HOST="127.0.0.1").get(path)


def _made(count: int) -> None:
    now = timezone.now()
    with scope(Role.WORKER):
        for number in range(count):
            Case.objects.create(
                slug=f"made-{number}", language="fi", texts={"fi": TEXT}, made_at=now, changed_at=now, supports=number
            )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_everyone_reads_the_list_that_no_vote_decides(language: str, city: None) -> None:
    page = _read(f"/{language}/use-cases/").content.decode()
    said = {"fi": "Kannatus ei yksin ratkaise.", "sv": "Ingen röst avgör ensam.", "en": "No vote decides by itself."}
    assert (said[language] in page, page.count("<li><h3>")) == (True, 5)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=dropped", 1),
        ("state=in_use&process=customer_relations", 1),
        ("process=producing_services", 1),
        ("department=early-education", 2),
        ("state=nonsense&department=%00&page=x", 5),
        ("state=proposed", 0),
    ],
)
def test_the_list_is_narrowed(asked: str, found: int, city: None) -> None:
    answer = _read(f"/en/use-cases/?{asked}")
    assert (answer.status_code, answer.content.decode().count("<li><h3>")) == (200, found)


def test_the_list_is_paged_and_keeps_its_filters(city: None) -> None:
    _made(25)
    first = _read("/en/use-cases/?order=support&state=proposed").content.decode()
    assert 'href="?order=support&amp;state=proposed&amp;page=2"' in first
    assert first.index("made-24") < first.index("made-23")
    assert _read("/en/use-cases/?order=support&state=proposed&page=2").content.decode().count("<li><h3>") == 5


def test_a_city_without_cases_says_so(city: None) -> None:
    with scope(Role.WORKER):
        Case.objects.update(texts={}, removed_at=timezone.now())
    assert "There are no use cases yet." in _read("/en/use-cases/").content.decode()


def test_figures_of_others_are_named_as_such(city: None) -> None:
    page = _read("/en/use-cases/preschool-place/").content.decode()
    assert "880 families" in page
    assert "These figures were published by others. They are not results of this service." in page
    assert "hel.fi" in page


def test_a_dropped_case_tells_why(city: None) -> None:
    assert "The benefit is small and the harm great" in _read("/en/use-cases/loans-and-school/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_little_for_three_as_for_one(count: int, city: None, django_assert_num_queries: Any) -> None:
    _made(count)
    with django_assert_num_queries(3):
        _read("/en/use-cases/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_asks_as_little_for_three_comments_as_for_one(
    count: int, resident_in: Enter, django_assert_num_queries: Any
) -> None:
    raili = resident_in("raili")
    for _ in range(count):
        comments(raili)
    published()
    with django_assert_num_queries(7):
        _read(f"/en/use-cases/{CASE}/")


def test_a_public_page_asks_eight_times_at_the_most_of_whoever_is_signed_in(
    resident_in: Enter, django_assert_max_num_queries: Any
) -> None:
    raili = resident_in("raili")
    for path in ("", f"{CASE}/", "daycare-fee/", "loans-and-school/"):
        with django_assert_max_num_queries(8):
            raili.browser.get(f"/fi/use-cases/{path}")


@pytest.mark.parametrize("count", [1, 3])
def test_what_i_wrote_asks_as_little_for_three_as_for_one(
    count: int, resident_in: Enter, django_assert_max_num_queries: Any
) -> None:
    raili = resident_in("raili")
    for _ in range(count):
        comments(raili)
    raili.browser.post(f"/en/use-cases/{CASE}/take-part/", {"do": "follow"})
    with django_assert_max_num_queries(12) as asked:
        raili.browser.get("/en/use-cases/yours/")
    assert len(asked) == 11


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_feed_is_atom_and_speaks_the_language(language: str, city: None) -> None:
    answer = _read(f"/use-cases/feed/{language}/")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    ids = {entry.findtext(f"{ATOM}id") for entry in entries}
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert (len(ids), len(entries)) == (15, 15)
    links = {link.get("href") for entry in entries for link in entry.findall(f"{ATOM}link")}
    assert all(f"/{language}/use-cases/" in str(link) for link in links)


def test_the_feed_of_a_case_is_its_own(city: None) -> None:
    feed = ET.fromstring(_read(f"/use-cases/feed/en/{CASE}/").content)  # noqa: S314 - our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert (len(titles), titles[0]) == (4, "A reminder before a swimming course: in use")


@pytest.mark.parametrize(
    "path",
    [
        "/use-cases/feed/de/",
        "/use-cases/feed/fi/no-such/",
        "/en/use-cases/no-such/",
        "/en/registers/no-such-register/",
    ],
)
def test_what_is_not_there_is_404(path: str, city: None) -> None:
    assert _read(path).status_code == 404


def test_a_comment_is_marked_with_its_language_and_shown_as_text(resident_in: Enter) -> None:
    comments(resident_in("raili"), language="sv", text='Bra & "enkelt" < 5')
    published()
    page = _read(f"/fi/use-cases/{CASE}/").content.decode()
    assert '<div lang="sv"><p>Bra &amp; &quot;enkelt&quot; &lt; 5</p></div>' in page
    assert case().comments.count() == 1
