"""`manage.py check_rulebook`: does the rulebook hold, and does the city keep what it adopted? For CI and operators."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from consents.catalogue.loader import PurposeFault, purposes_of, read_purposes
from consents.rulebook.errors import RulebookFault
from consents.rulebook.held import holds
from consents.rulebook.kept import (
    Asked,
    algorithms_kept,
    algorithms_of,
    asked_here,
    asked_of_file,
    labels_kept,
    purposes_kept,
)
from consents.rulebook.queries import adoptions
from consents.rulebook.reading import published_digests, rulebook_of, versions
from consents.rulebook.shape import Rulebook
from consents.rulebook.statements import doubts_of
from datasources.catalogue.files import CatalogueFault, read_city_catalogue
from datasources.catalogue.moving import read_moving
from portal.cities import CATALOGUE, CityFault, city_folder
from portal.walls import Role, scope


class Command(BaseCommand):
    """A sentence a fault; exit code 1 when there is any."""

    help = "Check the versions of the rulebook, the city's signed adoption, and that the city keeps it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Without a database every city's files are held against the newest version."""
        parser.add_argument("--files-only", action="store_true", help="look at the files only; needs no database")

    def handle(self, *args: Any, files_only: bool = False, **options: Any) -> None:
        """All that is wrong, not only the first."""
        try:
            faults = list(_of_versions())
            faults += _of_all_cities() if files_only else _of_this_city()
        except (RulebookFault, PurposeFault, CatalogueFault, CityFault) as fault:
            faults = [str(fault)]
        for sentence in faults:
            self.stdout.write(sentence)
        self.stdout.write(f"Versions: {len(versions())}, faults: {len(faults)}.")
        if faults:
            raise SystemExit(1)


def _of_versions() -> Iterator[str]:
    there = versions()
    if not there:
        yield "There is no version of the rulebook."
    yield from (f"Version {gone} was published and is gone." for gone in published_digests() if gone not in there)
    for version in there:
        yield from (f"Version {version}: {fault}" for fault in holds(version))


def _of_all_cities() -> Iterator[str]:
    if not versions():
        return
    book = rulebook_of(versions()[0])
    roots = (*settings.CITY_FOLDERS, CATALOGUE)
    for slug in sorted({path.parent.name for root in roots for path in root.glob("*/city.toml")}):
        purposes = map(asked_of_file, read_purposes(purposes_of(slug)))
        yield from (f"{slug}: {fault}" for fault in _kept(book, slug, purposes))


def _of_this_city() -> Iterator[str]:
    with scope(Role.STAFF, departments=["*"]):
        found, purposes = adoptions(), asked_here()
    if not found:
        yield "The city has not adopted any version; `manage.py adopt_rulebook` does."
        return
    yield from filter(None, map(doubts_of, found))
    yield from _kept(rulebook_of(found[0].version), settings.CITY, purposes)


def _kept(book: Rulebook, slug: str, purposes: Iterable[Asked]) -> Iterator[str]:
    folder = city_folder(slug)
    datasets = [
        each.slug for one in read_city_catalogue(folder) for register in one.register_ for each in register.dataset
    ]
    yield from purposes_kept(book, purposes)
    yield from labels_kept(book, read_moving(folder), datasets)
    yield from algorithms_kept(book, algorithms_of(_algorithms(slug)))


def _algorithms(slug: str) -> Path:
    return purposes_of(slug).with_name("algorithms.toml")
