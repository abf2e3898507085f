"""The public page of the rulebook, the same for programs, and the check without us."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consents.rulebook.reading import content_of, digest_of
from tests.house.sources import ROOT
from tests.rulebook.conftest import AT, Adopt, Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def page(browser: Client, path: str = "/en/rulebook/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fi",
            [
                "Kaupunkien yhteinen sääntökirja",
                "Kaupungin allekirjoitus pitää paikkansa.",
                "Lupa on voimassa enintään 365",
            ],
        ),
        ("sv", ["Städernas gemensamma regelbok", "Stadens underskrift stämmer.", "Samtycket gäller i högst 365"]),
        ("en", ["The rulebook that cities share", "The city's signature holds.", "A permission lasts for 365"]),
    ],
)
def test_it_says_what_was_adopted_in_three_languages(
    language: str, said: list[str], browser: Client, adopting: Adopt
) -> None:
    adopting("1.0")
    told = page(browser, f"/{language}/rulebook/")
    assert [words for words in said if words not in told] == []
    assert "4711/2040" in told
    assert digest_of(content_of("1.0")) in told


def test_before_adoption_the_page_says_so(browser: Client) -> None:
    told = page(browser)
    assert "The city has not adopted the rulebook yet." in told
    assert "signature holds" not in told


def test_words_that_were_changed_are_not_shown_as_signed(browser: Client, adopting: Adopt, books: Books) -> None:
    adopting("1.0")
    books.edit("1.0", "en.toml", "at most. After that", "at least. After that")
    told = page(browser)
    assert "We could not check the city's signature." in told
    assert "signature holds" not in told


def test_a_newer_version_marks_what_changed(browser: Client, adopting: Adopt, books: Books) -> None:
    adopting("1.0")
    books.next("1.1")
    books.edit("1.1", "en.toml", "You get a copy, and the original stays.", "You get a copy.")
    books.edit("1.1", "rulebook.toml", "most_days = 365", "most_days = 300")
    books.publish("1.0", "1.1")
    assert "The city keeps version 1.0. You are reading version 1.1." in page(browser, "/en/rulebook/versions/1.1/")
    adopting("1.1", at=AT + timedelta(days=1))
    told = page(browser)
    assert "What changed since version 1.0" in told
    changed = told.split("What changed since version 1.0")[1].split("</section>")[0]
    assert [words in changed for words in ("<del>", "365", "300", "A copy", "A permission ends")] == [True] * 5
    assert "You are reminded" not in changed
    older = page(browser, "/en/rulebook/versions/1.0/")
    assert "This is an older version. The city now keeps version 1.1." in older
    assert "signature holds" in older


def test_a_rule_that_came_or_went_is_marked(browser: Client, books: Books) -> None:
    books.next("1.1")
    books.edit("1.1", "rulebook.toml", '[[rule]]\ngroup = "receiving"\nslug = "keys"\n', "")
    for language in ("fi", "sv", "en"):
        path = books.folder / "1.1" / f"{language}.toml"
        before, rest = path.read_text().split("[receiving.keys]")
        path.write_text(before + "[data]" + rest.split("[data]")[1])
    changed = (
        page(browser, "/en/rulebook/versions/1.1/").split("What changed since version 1.0")[1].split("</section>")[0]
    )
    assert "Keys can be trusted" in changed
    back = books.folder / "1.2"
    shutil.copytree(books.folder / "1.0", back)
    books.edit("1.2", "rulebook.toml", 'version = "1.0"', 'version = "1.2"')
    changed = (
        page(browser, "/en/rulebook/versions/1.2/").split("What changed since version 1.1")[1].split("</section>")[0]
    )
    assert "<ins>" in changed


@pytest.mark.parametrize("version", ["1.9", "0.1", "x", "1.0.0", "%2e%2e"])
def test_a_version_that_is_not_there_is_not_found(version: str, browser: Client) -> None:
    assert browser.get(f"/en/rulebook/versions/{version}/").status_code == 404
    assert browser.get(f"/rulebook/{version}.json").status_code == 404


def test_a_broken_version_is_told_as_such(browser: Client, books: Books) -> None:
    (books.folder / "1.0" / "sv.toml").write_text("title = ")
    answers = [browser.get(path) for path in ("/en/rulebook/", "/en/rulebook/versions/1.0/", "/rulebook/1.0.json")]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert "cannot be shown just now" in answers[0].content.decode()
    assert "sv.toml" not in "".join(answer.content.decode() for answer in answers)


def test_as_many_statements_for_three_adoptions_as_for_one(browser: Client, adopting: Adopt, books: Books) -> None:
    counted = []
    for number, version in enumerate(("1.0", "1.1", "1.2")):
        if number:
            books.next(version)
        books.publish(*(f"1.{each}" for each in range(number + 1)))
        adopting(version, at=AT + timedelta(days=number))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(browser)
            browser.get("/rulebook.json")
        counted.append(len(seen))
    assert len(set(counted)) == 1


def test_programs_get_the_same(browser: Client, adopting: Adopt) -> None:
    adopting("1.0")
    told = browser.get("/rulebook.json").json()
    whole = browser.get(told["versions"][0]["url"]).json()
    digest = f"sha256:{digest_of(content_of('1.0'))}"
    assert [each["version"] for each in told["versions"]] == ["1.0"]
    assert told["adoptions"][0]["statement"] == {
        "type": "rulebook-adoption",
        "city": "espoo",
        "municipality_code": "049",
        "version": "1.0",
        "digest": digest,
        "decision": "4711/2040",
        "adopted_at": "2040-05-01T09:30:15.123456+00:00",
    }
    assert whole["digest"] == told["versions"][0]["digest"] == digest
    assert whole["rulebook"]["facts"]["figures"]["most_days"] == 365
    assert {each["name"]: each["text"].encode() for each in whole["files"]} == dict(content_of("1.0"))


def test_anybody_checks_it_without_us(browser: Client, adopting: Adopt, tmp_path: Path) -> None:
    adopting("1.0")
    for name, path in (
        ("adopted", "/rulebook.json"),
        ("whole", "/rulebook/1.0.json"),
        ("keys", "/.well-known/jwks.json"),
    ):
        (tmp_path / f"{name}.json").write_bytes(browser.get(path).content)
    folder = tmp_path / "1.0"
    shutil.copytree(ROOT / "docs/rulebook/1.0", folder)
    said = (
        "The adoption is genuine: espoo adopted version 1.0 at 2040-05-01T09:30:15.123456+00:00, decision 4711/2040.\n"
    )
    assert _checked(tmp_path, "whole.json") == (0, said)
    assert _checked(tmp_path, "1.0") == (0, said)
    (folder / "en.toml").write_text((folder / "en.toml").read_text().replace("365", "366") + "\n")
    assert _checked(tmp_path, "1.0") == (1, "DOES NOT HOLD: The city has adopted no version with these words.\n")
    told = json.loads((tmp_path / "adopted.json").read_text())
    told["adoptions"][0]["statement"]["city"] = "turku"
    (tmp_path / "adopted.json").write_text(json.dumps(told))
    assert _checked(tmp_path, "whole.json") == (1, "DOES NOT HOLD: It was changed after it was signed.\n")


def _checked(folder: Path, version: str) -> tuple[int, str]:
    tool = [sys.executable, str(ROOT / "docs/verify/rulebook.py"), "adopted.json", version, "--keys", "keys.json"]
    done = subprocess.run(tool, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
