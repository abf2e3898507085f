"""`manage.py lint_purposes`: are purposes and algorithms told plainly, wholly and alike in three languages? For CI."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.algorithms.catalogue import linted_files as linted_algorithms
from consents.algorithms.judging import version_judged
from consents.algorithms.models import AlgorithmVersion
from consents.catalogue.linting import linted_files
from consents.catalogue.loader import PurposeFault
from consents.enums import TextState
from consents.lint import Report
from consents.manuscripts.faults import NoSuchData
from consents.models import PurposeText
from consents.publishing.drafting import linted
from datasources.catalogue.files import CatalogueFault
from portal.cities import CATALOGUE
from portal.walls import Role, scope

_PURPOSES = Path(__file__).resolve().parents[2] / "catalogue"


class Command(BaseCommand):
    """Exit code 1 when anything blocks; advice is told and does not fail."""

    help = "Lint the purposes and the register of algorithms in the catalogue files and in the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The database can be left out."""
        parser.add_argument("--files-only", action="store_true", help="look at the files only; needs no database")
        parser.add_argument("--folder", type=Path, default=_PURPOSES, help="with a folder for each city")

    def handle(self, *args: Any, folder: Path, files_only: bool = False, **options: Any) -> None:
        """One line a finding: where, language, part, rule and sentence."""
        try:
            reports = list(_of_files(folder))
        except (PurposeFault, CatalogueFault) as fault:
            raise CommandError(str(fault)) from None
        if not files_only:
            reports += _of_database()
        told = [(where, report) for where, report in reports if report is not None]
        for where, report in reports:
            if report is None:
                self.stdout.write(f"{where}: it asks for data that the catalogue does not have.")
        for where, report in told:
            for found in report.findings:
                kind = "" if found.blocks else " (advice)"
                place = " ".join(word for word in (where, found.language, found.part) if word)
                self.stdout.write(f"{place}: {found.rule.value}{kind}: {found.sentence}")
        failed = sum(report is None or not report.passes for _, report in reports)
        self.stdout.write(f"{len(reports)} texts, {failed} with something to mend.")
        if failed:
            raise SystemExit(1)


def _of_files(folder: Path) -> Iterator[tuple[str, Report | None]]:
    for path in sorted(folder.glob("*/purposes.toml")):
        whole = (path.parent / "city.toml").is_file()  # a folder of facts has its departments beside it
        for slug, report in linted_files(path, path.parent if whole else CATALOGUE / path.parent.name).items():
            yield f"{path.parent.name}/{slug}", report
    for path in sorted(folder.glob("*/algorithms.toml")):
        for slug, report in linted_algorithms(path, CATALOGUE / path.parent.name).items():
            yield f"{path.parent.name}/algorithms/{slug}", report


def _of_database() -> list[tuple[str, Report | None]]:
    """What was published and what waits to be; a draft may be unfinished. None: data it asks for is gone."""
    watched = [TextState.LINTED, TextState.APPROVED, TextState.PUBLISHED]
    with scope(Role.STAFF, departments=["*"]):
        texts = PurposeText.objects.filter(state__in=watched).select_related("purpose__department")
        told = [(f"{text.purpose.slug} version {text.version}", _linted(text)) for text in texts]
        entries = AlgorithmVersion.objects.filter(state__in=watched).select_related("algorithm__department")
        return told + [(f"algorithms/{each.algorithm.slug} version {each.version}", _linted(each)) for each in entries]


def _linted(text: PurposeText | AlgorithmVersion) -> Report | None:
    try:
        return linted(text) if isinstance(text, PurposeText) else version_judged(text)
    except NoSuchData:
        return None
