"""The city described by files: read with a clear fault, loaded once, and retired when it leaves the files."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from datasources.catalogue.files import CatalogueFault, read_city_catalogue, read_department
from datasources.catalogue.loader import Changes, load
from datasources.enums import Connection
from datasources.models import Dataset, Register
from portal.cities import CATALOGUE, read_city
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.walls import Role, scope

ESPOO, TURKU = CATALOGUE / "espoo", CATALOGUE / "turku"


def loaded(folder: Path) -> Changes:
    with scope(Role.STAFF, departments=["*"]):
        return load(folder, reach={}, by=system("tests"), at=timezone.now())


def told() -> int:
    """How many entries tell of a changed catalogue."""
    with scope(Role.STAFF, departments=["*"]):
        return Entry.objects.filter(kind="datasources.catalogue_changed").count()


def test_the_city_is_described_widely_enough() -> None:
    departments = read_city_catalogue(ESPOO)
    registers = [register for department in departments for register in department.register_]
    connections = Counter(register.connection for register in registers)
    assert len(departments) >= 6
    assert len(registers) >= 12
    assert sum(len(register.dataset) for register in registers) >= 25
    assert all(connections[each] for each in Connection)


@pytest.mark.parametrize(
    "city", [folder.name for folder in sorted(CATALOGUE.iterdir()) if (folder / "city.toml").exists()]
)
def test_every_city_s_files_are_whole(city: str) -> None:
    assert read_city(city).slug == city
    assert read_city_catalogue(CATALOGUE / city)


def test_the_same_files_twice_change_nothing_and_leave_no_entry(db: None) -> None:
    assert loaded(ESPOO)
    assert told() == 1
    assert not loaded(ESPOO)
    assert told() == 1


def test_what_leaves_the_files_is_retired_and_comes_back(db: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ESPOO, tmp_path / "espoo"))
    loaded(folder)
    (folder / "parking.toml").rename(tmp_path / "parking.toml")
    without = loaded(folder)
    gone = Register.objects.exclude(retired_at=None).values_list("slug", flat=True)
    assert (without.retired, list(gone)) == (3, ["parking-cases"])
    (tmp_path / "parking.toml").rename(folder / "parking.toml")
    loaded(folder)
    assert not Dataset.objects.exclude(retired_at=None).exists()


def test_another_city_s_files_make_another_city(db: None) -> None:
    loaded(TURKU)
    registers = {register.slug: register for register in Register.objects.all()}
    assert registers.keys() >= {"pupils", "early-education-customers", "library-customers", "sports-customers"}
    assert "Vaski" in registers["library-customers"].name
    assert [each.slug for each in registers.values() if "Espoo" in f"{each.name} {each.controllers}"] == []


LIBRARY = (ESPOO / "library.toml").read_text()
CARD = 'slug = "card_number", type = "text"'


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        (CARD, CARD + ", about_others = true", "not shown at once"),
        (CARD, 'slug = "card_number", type = "code"', "has codes"),
        (CARD, 'slug = "card_number", type = "colour"', "type"),
        (CARD, CARD + ", surprise = 1", "surprise"),
        (CARD, 'slug = "Card Number", type = "text"', "slug"),
        ('fi = "Kirjastokortti", ', "", "name.fi"),
        ('fi = "Kirjastokortti"', 'fi = " "', "name.fi"),
        ('basis = "c"', 'basis = "z"', "basis"),
        ('connection = "connected"', 'connection = "not_yet"', "route"),
        ('slug = "library"\nposition', "position", "slug"),
        ('kind = "rest"\nlive = true', 'kind = "gdpr_api"', "live = true"),
        ("[[register]]", "[[register", "line"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_place(was: str, becomes: str, named: str, tmp_path: Path) -> None:
    assert was in LIBRARY
    path = tmp_path / "library.toml"
    path.write_text(LIBRARY.replace(was, becomes, 1))
    with pytest.raises(CatalogueFault, match=r"library\.toml") as fault:
        read_department(path)
    assert named in str(fault.value)


def test_a_register_that_stands_twice_is_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.toml").write_text(LIBRARY)
    with pytest.raises(CatalogueFault, match="library-customers"):
        read_city_catalogue(tmp_path)


def test_nothing_is_loaded_when_one_file_is_faulty(db: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ESPOO, tmp_path / "espoo"))
    (folder / "youth.toml").write_text("slug = 1")
    with pytest.raises(CatalogueFault):
        loaded(folder)
    assert not Register.objects.exists()
