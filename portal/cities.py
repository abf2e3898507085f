"""Facts of the city this portal serves, read once from its `city.toml`. Code and templates name no city."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from django.utils.translation import get_language
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
    model_validator,
)

CATALOGUE = Path(__file__).resolve().parent.parent / "datasources" / "catalogue"
# Of white text: WCAG 2.2, 1.4.3. Below the other value, a part of a colour is as bright as it is written.
_LEAST_CONTRAST, _DIM = 4.5, 0.04045

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Fact):
    """One text in the three languages, none of them empty; `str()` gives it in the language in force."""

    fi: Words
    sv: Words
    en: Words

    def __str__(self) -> str:
        return str(getattr(self, (get_language() or "fi")[:2], self.fi))


class Finnish(_Fact):
    """Case forms of the city's name; code never builds them."""

    nominative: Words
    genitive: Words
    inessive: Words
    elative: Words
    illative: Words


class Swedish(_Fact):
    """Forms of the city's name in Swedish."""

    name: Words
    genitive: Words
    inessive: Words


def _linear(part: int) -> float:
    """One of the three parts of a colour (0-255) as light (WCAG 2.2, "relative luminance")."""
    share = part / 255
    return share / 12.92 if share <= _DIM else float(((share + 0.055) / 1.055) ** 2.4)


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` and white: 1 to 21 (WCAG 2.2, "contrast ratio")."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _carries_white_text(colour: str) -> str:
    ratio = contrast_with_white(colour)
    if ratio < _LEAST_CONTRAST:
        raise ValueError(f"white text on {colour} has a contrast of {ratio:.2f} : 1; it needs at least 4.5 : 1")
    return colour


Colour = Annotated[str, StringConstraints(pattern="^#[0-9a-f]{6}$")]
UnderWhite = Annotated[Colour, AfterValidator(_carries_white_text)]


class Colours(_Fact):
    """The city's colours, as the style sheet names them; `main` and `dark` carry white text."""

    main: UnderWhite
    dark: UnderWhite
    accent: Colour


class Contact(_Fact):
    """Where a person helps."""

    phone: Words
    email: Words
    desk: Text
    hours: Text
    data_protection_officer: Words


class City(_Fact):
    """What differs from city to city."""

    slug: Slug
    municipality_code: Annotated[str, StringConstraints(pattern="^[0-9]{3}$")]
    languages: Annotated[tuple[Literal["fi", "sv", "en"], ...], Field(min_length=1)]
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

    @model_validator(mode="after")
    def _names_agree(self) -> "City":
        """Else a form was left behind from the city that the file was copied from."""
        for one, other, same in (
            ("finnish.nominative", "name.fi", self.finnish.nominative == self.name.fi),
            ("swedish.name", "name.sv", self.swedish.name == self.name.sv),
        ):
            if not same:
                raise ValueError(f"{one} and {other} are not the same word")
        if not self.city_of.fi.startswith(self.finnish.genitive):
            raise ValueError("city_of.fi does not begin with finnish.genitive")
        return self


class CityFault(Exception):
    """Facts of a city cannot be used; the message names the file, the field and what is wrong."""


class NoSuchCity(CityFault):
    """There is no folder of facts for the city that the settings name."""


# What pydantic would say about keys, for whoever writes the file.
_SAID = {"missing": "is missing", "extra_forbidden": "is no fact of a city", "string_too_short": "is empty"}


def _sentence(path: Path, fault: ValidationError) -> str:
    said = []
    for error in fault.errors():
        words = _SAID.get(error["type"]) or error["msg"].removeprefix("Value error, ")
        said.append(": ".join(filter(None, (".".join(str(step) for step in error["loc"]), words))))
    return f"{path.parent.name}/{path.name}: {'; '.join(said)}."


@lru_cache(maxsize=8)
def read_facts(folder: Path) -> City:
    """The facts in `folder`/city.toml; CityFault when one is missing or odd."""
    path = folder / "city.toml"
    try:
        found = City.model_validate(tomllib.loads(path.read_text()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CityFault(f"{folder.name}/{path.name}: it cannot be read ({fault}).") from None
    except ValidationError as fault:
        raise CityFault(_sentence(path, fault)) from None
    if found.slug != folder.name:
        raise CityFault(f"{folder.name}/{path.name}: slug: {found.slug!r} is not the name of its folder.")
    return found


@lru_cache(maxsize=8)
def _folder_in(roots: tuple[Path, ...], slug: str) -> Path:
    for root in roots:
        if (root / slug / "city.toml").is_file():
            return root / slug
    raise NoSuchCity(f"There is no city named {slug}: no folder of cities has a file {slug}/city.toml.")


def city_folder(slug: str) -> Path:
    """The folder of facts of one city: below one of CITY_FOLDERS, or here; NoSuchCity when there is none."""
    return _folder_in((*settings.CITY_FOLDERS, CATALOGUE), slug)


def city_file(slug: str, name: str, *, catalogue: Path) -> Path:
    """Where a city's file `name` is: in its folder of facts, or else in its folder of `catalogue`, there or not."""
    beside = city_folder(slug) / name
    return beside if beside.is_file() else catalogue / slug / name


def read_city(slug: str) -> City:
    """The facts of one city; NoSuchCity, or CityFault with file and field."""
    return read_facts(city_folder(slug))


def city() -> City:
    """The city of this portal."""
    return read_city(settings.CITY)
