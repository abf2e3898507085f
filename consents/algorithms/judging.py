"""An entry as it is saved, judged by the checks beside what the catalogue and the purposes say."""

from collections.abc import Iterable, Mapping
from typing import Any

from consents.algorithms.checks import EntryBeside, check_entry
from consents.algorithms.models import Algorithm, AlgorithmVersion
from consents.algorithms.parts import Texts
from consents.lint import Report
from consents.manuscripts.faults import NoSuchData
from consents.texts import LANGUAGES
from datasources.enums import Basis
from datasources.models import Dataset


def datasets_named(slugs: Iterable[str]) -> list[Dataset]:
    """The datasets, with register and department, in the catalogue's order. NoSuchData for one that is not there."""
    wanted = set(slugs)
    rows = Dataset.objects.filter(slug__in=wanted, retired_at=None).select_related("register__department")
    found = list(rows.order_by("register__department__position", "position", "slug"))
    if {row.slug for row in found} != wanted:
        raise NoSuchData
    return found


def _beside(algorithm: Algorithm, datasets: list[Dataset]) -> EntryBeside:
    rows: list[Any] = [algorithm.department, *datasets, *(row.register for row in datasets)]
    rows += [row.register.department for row in datasets]
    names = {one: sorted({getattr(row, f"name_{one}") or "" for row in rows}) for one in LANGUAGES}
    return EntryBeside(names, by_permission=algorithm.purposes.filter(basis=Basis.CONSENT).exists())


def judged(algorithm: Algorithm, parts: Texts, facts: Mapping[str, Any], datasets: Iterable[str]) -> Report:
    """What the checks find in an entry, saved or not. NoSuchData."""
    return check_entry(parts, facts, _beside(algorithm, datasets_named(datasets)))


def version_judged(version: AlgorithmVersion) -> Report:
    """What the checks find in an entry as it is saved. NoSuchData when data that it names has been retired."""
    return judged(version.algorithm, version.parts, version.facts, version.datasets)
