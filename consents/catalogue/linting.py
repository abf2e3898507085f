"""The lint over the files of a city: what they say before anything is in the database."""

from pathlib import Path

from consents.catalogue.loader import PurposeFile, read_purposes
from consents.lint import Facts, Report, lint
from consents.rules.limiting import may_market
from consents.texts import LANGUAGES
from datasources.catalogue.files import DepartmentFile, Text, read_city_catalogue
from datasources.enums import Basis


def _named(text: Text) -> dict[str, str]:
    return {language: getattr(text, language) for language in LANGUAGES}


def _facts(file: PurposeFile, departments: list[DepartmentFile]) -> Facts:
    registers = [register for department in departments for register in department.register_]
    datasets = {dataset.slug: _named(dataset.name) for register in registers for dataset in register.dataset}
    names = [_named(name) for name in (*(each.name for each in departments), *(each.name for each in registers))]
    return Facts(
        datasets={use.slug: datasets.get(use.slug, {}) for use in file.dataset},
        names={language: sorted({each[language] for each in names}) for language in LANGUAGES},
        valid_days=file.valid_days if file.basis == Basis.CONSENT else None,
        free_because=file.free_because,
        asks_children=file.basis == Basis.CONSENT and not file.adults_only,
        unnamed_algorithm=file.suggested_by_algorithm and not file.algorithms,
        marketing_by_law=file.direct_marketing and not may_market(file.basis),
    )


def linted_files(purposes: Path, catalogue: Path) -> dict[str, Report]:
    """{slug: report} of each purpose in the file `purposes`; `catalogue` is the folder with the city's registers."""
    departments = read_city_catalogue(catalogue)
    return {
        file.slug: lint(
            _facts(file, departments), {language: getattr(file, language).model_dump() for language in LANGUAGES}
        )
        for file in read_purposes(purposes)
    }
