"""policy.toml speaks in words that a machine understands, and a page tells them to everyone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from portal.privacy import checks
from portal.privacy.checks import check_policy, policy, says_how_long
from portal.privacy.keeping import NotAKeep, keep
from portal.privacy.words import keep_words

LEAP = datetime(2028, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("until done_at + 30 days", LEAP - timedelta(days=30)),
        ("until made_at + 1 year", datetime(2027, 2, 28, tzinfo=UTC)),
        ("until ended_at + 15 minutes", LEAP - timedelta(minutes=15)),
        ("until expires_at", LEAP),
    ],
)
def test_a_time_that_ends_by_a_date_tells_which_rows_are_over(text: str, before: datetime) -> None:
    assert keep(text).over_before(LEAP) == before


@pytest.mark.parametrize("text", ["", "for ever", "until done_at + 30 moons", "while it rains", "until done_at + days"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(NotAKeep):
        keep(text)


@pytest.mark.parametrize("text", ["until no_such + 1 year", "until name + 1 year", "soon"])
def test_a_time_that_no_column_tells_is_refused(text: str) -> None:
    assert (says_how_long("jobs.Job", text), says_how_long("jobs.Job", "until done_at + 30 days")) == (False, True)


@pytest.mark.parametrize(
    ("part", "value", "fault"),
    [("keep", "for ever", "E004"), ("class", "gossip", "E004"), ("erase", "perhaps", "E004"), ("keep", None, "E003")],
)
def test_the_check_names_a_column_whose_words_are_not_ours(
    monkeypatch: pytest.MonkeyPatch, part: str, value: str | None, fault: str
) -> None:
    row = {name: told for name, told in (policy()["jobs.Job"]["name"] | {part: value}).items() if told is not None}
    changed = policy() | {"jobs.Job": policy()["jobs.Job"] | {"name": row}}
    monkeypatch.setattr(checks, "policy", lambda: changed)
    assert [(each.id, "jobs.Job.name" in str(each.msg)) for each in check_policy(None)] == [(f"privacy.{fault}", True)]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_time_has_words_of_its_own_in_each_language(language: str) -> None:
    keeps = {row["keep"] for columns in policy().values() for row in columns.values()}
    with translation.override(language):
        told = {text: keep_words(text) for text in keeps}
    assert all(told.values())
    with translation.override("en"):
        same = {text for text in keeps if language != "en" and keep_words(text) == told[text]}
    assert same == set()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_tells_each_class_and_every_column_once_within_it(language: str) -> None:
    page = Client(HTTP_HOST="127.0.0.1").get(f"/{language}/privacy/").content.decode()
    classes = {row["class"] for columns in policy().values() for row in columns.values()}
    columns = sum(map(len, policy().values()))
    assert (page.count("<section"), page.count("<code>")) == (len(classes), columns)
    assert f'href="/{language}/privacy/"' in page
