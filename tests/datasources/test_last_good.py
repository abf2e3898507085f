"""Whatever a web interface does, a pull ends in a sentence of three languages, and the last good sheets stay."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils.translation import override

from datasources.actions.pulls import pull_source
from datasources.actions.reach import knock
from datasources.errors import CircuitOpen
from datasources.models import Pull, PullKind, PullState, Sheet, Source
from datasources.protocol import Limits
from datasources.queries.closely import closely
from datasources.rules.circuit import COOLS_FOR
from portal.walls import Role, scope
from tests.datasources import misbehaving as bad
from tests.datasources.certificates import Authority, Pair
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source
from tests.datasources.rest_service import SecureInterface, WebInterface

LOANS = "library-loans"
MAPPING = {"listing": "/books", "key": "code", "columns": {"title": "title"}, "items": "items", "next": "next"}
AUTHORITY = Authority("the city")


def connect(interface: WebInterface, **settings: str) -> None:
    with scope(Role.STAFF, departments=["*"]):
        told = {"url": interface.url, "auth": "none"} | settings
        Source.objects.filter(slug="library").update(settings=told, sealed_secrets=None, mapping={LOANS: MAPPING})


def pull(minutes: int = 0) -> Pull:
    at, limits = NIGHT + timedelta(minutes=minutes), Limits(connect=1, answer=1, statement=3)
    return pull_source(source("library").pk, kind=PullKind.BY_HAND, by=BY, at=at, limits=limits)


def held() -> list[bytes]:
    with scope(Role.WORKER):
        return [bytes(sheet.digest) for sheet in Sheet.objects.all()]


@pytest.fixture
def interface(catalogue: None) -> Iterator[WebInterface]:
    with bad.served(WebInterface(auth="none")) as running:
        running.items = [{"code": CODES["raili"], "title": "Kalevala"}]
        connect(running)
        arrive("raili")
        assert pull().changed == 1
        yield running


def failing(desk: bad.Desk) -> None:
    desk.say(500, {})


def told(done: Pull) -> dict[str, str]:
    languages = {}
    for language in ("fi", "sv", "en"):
        with override(language):
            languages[language] = str(closely(done.sentences, ""))
    return languages


def kept_and_told(before: list[bytes], done: Pull) -> None:
    """The sheets are as they were, and what went wrong is told in each language, of nobody."""
    assert (done.state, held()) == (PullState.FAILED, before)
    sentences = told(done)
    assert len(set(sentences.values())) == 3
    assert sentences["en"] == done.error
    assert [word for word in (CODES["raili"], "Kalevala") if word in str(sentences) + str(done.sentences)] == []


@pytest.mark.parametrize(
    "misbehave",
    [
        bad.page, bad.page_said_to_be_json, bad.half, bad.raw_nul, bad.not_http, bad.hundred_megabytes, bad.packed,
        bad.bomb, bad.twice, bad.deep, bad.deep_value, bad.hanging, bad.dripping, failing,
    ],
)  # fmt: skip
def test_the_last_good_sheets_stay(interface: WebInterface, misbehave: bad.Misbehaviour) -> None:
    before = held()
    interface.misbehave = misbehave
    kept_and_told(before, pull(1))
    assert source("library").failures == 1


@pytest.mark.security("V15.3.2")
def test_a_redirect_inward_is_not_followed(interface: WebInterface) -> None:
    before = held()
    with bad.served(bad.Canary()) as inward:
        interface.misbehave = bad.redirecting(f"http://127.0.0.1:{inward.port}/latest/meta-data")
        kept_and_told(before, pull(1))
        assert inward.seen == []


@pytest.mark.parametrize(
    "own",
    [AUTHORITY.pair("late", days=-1), Authority("a stranger").pair("books"), AUTHORITY.pair("b", address="127.9.9.9")],
    ids=["expired", "of a stranger", "of another name"],
)
def test_a_certificate_that_is_not_the_one_agreed(interface: WebInterface, own: Pair) -> None:
    before = held()
    with bad.served(SecureInterface(own)) as other:
        other.items = interface.items
        connect(other, ca=AUTHORITY.certificate)
        kept_and_told(before, pull(1))


def test_of_two_who_come_when_it_may_be_tried_again_one_gets_through(interface: WebInterface) -> None:
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(failures=5, opened_at=NIGHT)
        first, second = (Source.objects.get(slug="library") for _ in range(2))
        with pytest.raises(CircuitOpen):
            knock(first, at=NIGHT + COOLS_FOR / 2)
        knock(first, at=NIGHT + COOLS_FOR)
        with pytest.raises(CircuitOpen):
            knock(second, at=NIGHT + COOLS_FOR)


def test_a_row_that_was_kept_before_there_were_sentences_is_told_in_english() -> None:
    assert closely([], "The <database> does not answer.") == (
        '<span lang="en">The &lt;database&gt; does not answer.</span>'
    )
    assert closely([], "") == ""
