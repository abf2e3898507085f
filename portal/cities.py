"""Facts of the city this portal serves, read once from its `city.toml`. Code and templates name no city."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, HttpUrl, StringConstraints

CATALOGUE = Path(__file__).resolve().parent.parent / "datasources" / "catalogue"


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Fact):
    """One text in the three languages; `str()` gives it in the language in force."""

    fi: str
    sv: str
    en: str

    def __str__(self) -> str:
        return str(getattr(self, (get_language() or "fi")[:2], self.fi))


class Finnish(_Fact):
    """Case forms of the city's name; code never builds them."""

    nominative: str
    genitive: str
    inessive: str
    elative: str
    illative: str


class Swedish(_Fact):
    """Forms of the city's name in Swedish."""

    name: str
    genitive: str
    inessive: str


Colour = Annotated[str, StringConstraints(pattern="^#[0-9a-f]{6}$")]


class Colours(_Fact):
    """The city's colours, as the style sheet names them; `main` and `dark` carry white text."""

    main: Colour
    dark: Colour
    accent: Colour


class Contact(_Fact):
    """Where a person helps."""

    phone: str
    email: str
    desk: Text
    hours: Text
    data_protection_officer: str


class City(_Fact):
    """What differs from city to city."""

    slug: str
    municipality_code: str
    languages: tuple[str, ...]
    leave_to: HttpUrl
    name: Text
    city_of: Text
    portal_name: Text
    short_name: Text
    title: Text
    finnish: Finnish
    swedish: Swedish
    colours: Colours
    contact: Contact


class NoSuchCity(Exception):
    """There is no catalogue folder for the city that the settings name."""


@lru_cache(maxsize=4)
def read_city(slug: str) -> City:
    """The facts of one city; NoSuchCity when it has no folder, pydantic's error when a fact is missing or odd."""
    path = CATALOGUE / slug / "city.toml"
    if not path.is_file():
        raise NoSuchCity(f"There is no city named {slug}.")
    return City.model_validate(tomllib.loads(path.read_text()))


def city() -> City:
    """The city of this portal."""
    return read_city(settings.CITY)
