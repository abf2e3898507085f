"""Whether a city keeps the rulebook: its purposes, labels and programs, in files and in the database."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from consents.rulebook.errors import RulebookFault
from consents.rulebook.kept import Asked, algorithms_kept, algorithms_of, labels_kept, purposes_kept
from consents.rulebook.reading import rulebook_of
from datasources.catalogue.moving import Moves, Moving
from portal.cities import CATALOGUE, Text
from portal.walls import Role, scope
from tests.house.sources import ROOT
from tests.rulebook.conftest import Adopt
from tests.rulebook.test_rulebook_adopted import checked

BOOK = rulebook_of("1.0")
SCHOOL = Asked(
    slug="earlier-school",
    basis="a",
    nature="consent",
    core_process="arranging_services",
    valid_days=365,
    child_decides_from=13,
    adults_only=False,
    special_category=False,
    remind_days=(30,),
    free_because="The teaching is the same.",
    datasets=frozenset({"brought-school-grades"}),
)
WORDS = Text(fi="a", sv="b", en="c")


def moves(slug: str) -> dict[str, Moving]:
    return {slug: Moving(slug=slug, moves=Moves.STAYS, why=WORDS, law=WORDS)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, None),
        ({"valid_days": 366}, "a permission lasts for 365 days at most, not 366"),
        ({"valid_days": None}, "a permission lasts for 365 days at most, not for ever"),
        ({"free_because": " "}, "nobody wrote why people are free to say no"),
        ({"remind_days": (6, 1)}, "nobody is reminded 7 days before the end"),
        ({"remind_days": ()}, "nobody is reminded 7 days before the end"),
        ({"remind_days": (7,)}, None),
        ({"child_decides_from": 12}, "a child decides from 13 years at the earliest, not 12"),
        ({"special_category": True}, "a child decides from 15 years at the earliest, not 13"),
        ({"special_category": True, "child_decides_from": 15}, None),
        ({"adults_only": True, "child_decides_from": 0}, None),
        ({"core_process": "customer_relations"}, "its core_process is customer_relations, and the model's is arrangin"),
        ({"basis": "e"}, "its basis is e, and the model's is a"),
        ({"datasets": frozenset({"library-loans"})}, "it asks for data that the model does not: library-loans"),
        ({"slug": "other", "datasets": frozenset({"library-loans"})}, None),
        ({"slug": "tax", "nature": "law", "basis": "c", "valid_days": None, "free_because": ""}, None),
    ],
)
def test_a_purpose_keeps_the_rulebook_or_it_is_told_why_not(change: dict[str, Any], said: str | None) -> None:
    told = list(purposes_kept(BOOK, [replace(SCHOOL, **change)]))
    assert [said in each for each in told if said] == ([True] if said else [])
    assert bool(told) is bool(said)


def test_what_moves_is_data_that_the_city_has() -> None:
    assert list(labels_kept(BOOK, moves("library-card"), ["library-card"])) == []
    assert list(labels_kept(BOOK, moves("library-card"), [])) == [
        "library-card: the city tells what becomes of it, and has no such data."
    ]


def test_a_label_that_is_none_is_told() -> None:
    facts = BOOK.facts.model_copy(update={"label": BOOK.facts.label[:1]})
    book = BOOK.model_copy(update={"facts": facts})
    assert list(labels_kept(book, moves("x"), ["x"])) == ["x: stays is no label of the rulebook."]


def program(**parts: str) -> dict[str, Any]:
    asked = {part: "said" for rule in BOOK.facts.rule for part in rule.parts}
    facts = {fact: "said" for rule in BOOK.facts.rule for fact in rule.facts}
    texts = {language: {**asked, **parts} for language in ("fi", "sv", "en")}
    return {"slug": "helper", "facts": facts, **texts}


def test_every_part_that_a_rule_asks_for_is_looked_for_in_each_language() -> None:
    assert list(algorithms_kept(BOOK, [program()])) == []
    assert list(algorithms_kept(BOOK, [program(human=" ")])) == [
        f"helper: {language}.human is missing, which the rule “person” asks for." for language in ("fi", "sv", "en")
    ]
    assert list(algorithms_kept(BOOK, [program() | {"facts": {"deciding": "person", "risk": "minimal risk"}}])) == [
        "helper: facts.contact_email is missing, which the rule “answers” asks for."
    ]


def test_a_program_that_runs_no_more_is_history() -> None:
    gone = {"slug": "old", "change": [{"to": "in_use"}, {"to": "historical"}]}
    assert list(algorithms_kept(BOOK, [gone])) == []
    assert list(algorithms_kept(BOOK, [gone | {"change": gone["change"][:1]}])) != []


def test_a_city_without_programs_keeps_it_and_a_broken_file_does_not(tmp_path: Path) -> None:
    assert algorithms_of(tmp_path / "algorithms.toml") == []
    broken = tmp_path / "algorithms.toml"
    for text in ("[[algorithm", "algorithm = 1", "algorithm = [1]"):
        broken.write_text(text)
        with pytest.raises(RulebookFault, match=r"^algorithms\.toml: "):
            algorithms_of(broken)


def test_every_city_of_the_catalogue_keeps_the_newest_version() -> None:
    """Without a database: a test without `db` may not reach one."""
    assert len(list(CATALOGUE.glob("*/city.toml"))) > 1
    assert checked(files_only=True)[0] == 0


def test_make_check_runs_it() -> None:
    done = subprocess.run(["make", "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "manage.py check_rulebook --files-only" in done.stdout


def test_what_staff_wrote_is_held_to_it_too(loaded_city: None, adopting: Adopt) -> None:
    adopting("1.0")
    with scope(Role.STAFF, departments=["*"]), connection.cursor() as cursor:
        cursor.execute("UPDATE consents_purpose SET valid_days = 730 WHERE slug = 'reading-tips'")
    assert checked() == (
        1,
        ["reading-tips: a permission lasts for 365 days at most, not 730.", "Versions: 1, faults: 1."],
    )
