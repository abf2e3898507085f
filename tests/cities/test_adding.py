"""Adding a city is a folder of facts: docs/adding-a-city.md step by step, and no page names another city."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from datasources.models import Register
from portal.cities import City, CityFault, NoSuchCity, city, contrast_with_white, read_facts
from portal.walls import Role, scope
from tests.cities.facts import NAMING, commands, examples, folder_of_cities
from tests.residents import enter

NAMES = {
    ("oulu", "fi"): ("Tietoni Oulussa", "Katso, mitä Oulu tietää sinusta"),
    ("oulu", "sv"): ("Mina uppgifter i Uleåborg", "Se vad Uleåborgs stad vet om dig"),
    ("oulu", "en"): ("My data in Oulu", "See what Oulu knows about you"),
    ("turku", "fi"): ("Tietoni Turussa", "Katso, mitä Turku tietää sinusta"),
    ("turku", "sv"): ("Mina uppgifter i Åbo", "Se vad Åbo stad vet om dig"),
    ("turku", "en"): ("My data in Turku", "See what Turku knows about you"),
    ("helsinki", "fi"): ("Tietoni Helsingissä", "Katso, mitä Helsinki tietää sinusta"),
    ("helsinki", "sv"): ("Mina uppgifter i Helsingfors", "Se vad Helsingfors stad vet om dig"),
    ("helsinki", "en"): ("My data in Helsinki", "See what Helsinki knows about you"),
}
# They need the owner of the database, or write a key ring: the demo and every test run have done them.
BY_THE_OPERATOR = {"migrate", "make_keys"}


PAGES = ("", "privacy/", "home/", "registers/", "help/", "rulebook/")


@pytest.fixture
def cities(tmp_path: Path, settings: Any) -> Path:
    """A folder of cities outside the code."""
    settings.CITY_FOLDERS = [folder_of_cities(tmp_path / "cities")]
    return tmp_path / "cities"


@pytest.fixture
def added(request: pytest.FixtureRequest, cities: Path, db: None, settings: Any) -> City:
    """The city, checked and loaded with the commands of the page."""
    settings.CITY = request.param
    for name, *words in commands():
        if name not in BY_THE_OPERATOR:
            call_command(name, *(word.replace("/srv/cities", str(cities)) for word in words), verbosity=0)
    return city()


def text_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def named_in(text: str) -> set[str]:
    return {slug for slug, naming in NAMING.items() if naming.search(text)}


def test_the_page_shows_every_file_and_each_step() -> None:
    assert list(examples()) == ["oulu/city.toml", "oulu/library.toml", "oulu/purposes.toml"]
    loads = ["load_catalogue", "load_purposes", "make_groups", "adopt_rulebook"]
    steps = ["lint_purposes", "check_rulebook", "make_keys", "migrate", *loads]
    assert [name for name, *_ in commands()] == steps


@pytest.mark.parametrize(
    ("added", "language"), NAMES, indirect=["added"], ids=[f"{slug}-{language}" for slug, language in NAMES]
)
def test_the_pages_carry_its_names_and_no_other_city_s(added: City, language: str) -> None:
    browser = enter("raili").browser
    pages = {path: text_of(browser, f"/{language}/{path}") for path in PAGES}
    portal_name, title = NAMES[added.slug, language]
    assert [path for path, text in pages.items() if portal_name not in text] == []
    assert f"<h1>{title}</h1>" in pages[""]
    assert [path for path, text in pages.items() if named_in(text) != {added.slug}] == []


@pytest.mark.parametrize("added", ["oulu", "helsinki"], indirect=True)
def test_the_pages_have_its_colours_contacts_and_cookies(added: City) -> None:
    browser = enter("raili").browser
    style, about = text_of(browser, "/city.css"), text_of(browser, "/en/help/")
    assert [colour for colour in added.colours.model_dump().values() if colour not in style] == []
    contact = (added.contact.phone, added.contact.desk.en, added.contact.data_protection_officer)
    assert [told for told in contact if told not in about] == []
    assert {name.split("-")[0] for name in browser.cookies} == {added.slug}


@pytest.mark.parametrize("added", ["oulu"], indirect=True)
def test_its_registers_and_questions_are_its_own(added: City) -> None:
    with scope(Role.STAFF, departments=["*"]):
        assert [register.slug for register in Register.objects.filter(retired_at=None)] == ["library-customers"]
    question = text_of(enter("raili").browser, "/fi/permissions/")
    assert re.search(r"Lukuvinkit lainojesi perusteella", question)


@pytest.mark.parametrize("slug", ["espoo", "turku", "oulu", "helsinki"])
def test_the_colours_carry_white_text(slug: str, cities: Path, settings: Any) -> None:
    settings.CITY = slug
    colours = city().colours
    assert min(contrast_with_white(colours.main), contrast_with_white(colours.dark)) >= 4.5


@pytest.mark.parametrize(("colour", "ratio"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_the_contrast_is_that_of_wcag(colour: str, ratio: float) -> None:
    assert round(contrast_with_white(colour), 2) == ratio


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('main = "#a3005f"', 'main = "#e6459f"', "colours.main: white text on #e6459f has a contrast of 3.67 : 1"),
        ('dark = "#6e0040"', 'dark = "#ff99cc"', "colours.dark: white text on #ff99cc has a contrast of"),
        ('accent = "#e6459f"', 'accent = "pink"', "colours.accent: "),
        ('illative = "Ouluun"\n', "", "finnish.illative: is missing"),
        ('inessive = "Oulussa"', 'inessive = " "', "finnish.inessive: is empty"),
        ('nominative = "Oulu"', 'nominative = "Turku"', "finnish.nominative and name.fi are not the same word"),
        ('name = "Uleåborg"', 'name = "Åbo"', "swedish.name and name.sv are not the same word"),
        ('genitive = "Oulun"', 'genitive = "Turun"', "city_of.fi does not begin with finnish.genitive"),
        (
            'name = { fi = "Oulu", sv = "Uleåborg", en = "Oulu" }',
            'name = { fi = "Oulu", en = "Oulu" }',
            "name.sv: is missing",
        ),
        ('phone = "08 555 0564"', 'phone = ""', "contact.phone: is empty"),
        ('"564"', '"5640"', "municipality_code: "),
        ('languages = ["fi", "sv", "en"]', 'languages = ["fi", "se"]', "languages.1: "),
        ("https://www.ilmatieteenlaitos.fi/", "javascript:alert(1)", "leave_to: "),
        ("[contact]", 'mayor = "X"\n\n[contact]', "colours.mayor: is no fact of a city"),
        ('slug = "oulu"', 'slug = "tampere"', "slug: 'tampere' is not the name of its folder"),
        ("[colours]", "[colours", "it cannot be read"),
    ],
)
def test_a_missing_or_odd_fact_is_refused_with_file_and_field(was: str, becomes: str, told: str, cities: Path) -> None:
    path = cities / "oulu" / "city.toml"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, becomes, 1))
    with pytest.raises(CityFault) as refused:
        read_facts(path.parent)
    assert str(refused.value).startswith("oulu/city.toml: ")
    assert told in str(refused.value)


def test_a_city_without_a_folder_is_refused(cities: Path, settings: Any) -> None:
    settings.CITY = "atlantis"
    with pytest.raises(NoSuchCity, match=r"no folder of cities has a file atlantis/city\.toml"):
        city()


@pytest.mark.parametrize(("file", "command"), [("library.toml", "load_catalogue"), ("purposes.toml", "load_purposes")])
def test_a_fault_in_another_file_stops_the_loading_whole(
    file: str, command: str, cities: Path, db: None, settings: Any
) -> None:
    settings.CITY = "oulu"
    path = cities / "oulu" / file
    path.write_text(path.read_text().replace('basis = "', 'basis = "z'))
    for name, told in (("lint_purposes", {"files_only": True, "folder": cities}), (command, {})):
        with pytest.raises(CommandError, match=rf"{file}: .*basis"):
            call_command(name, **told)
    with scope(Role.STAFF, departments=["*"]):
        assert not Register.objects.exists()
