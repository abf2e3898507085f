"""Bring the register's entries from a city's file into the database; what changed becomes a new published version."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

from django.utils import timezone
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from consents.algorithms.checks import EntryBeside, check_entry
from consents.algorithms.enums import AlgorithmState
from consents.algorithms.judging import datasets_named
from consents.algorithms.kinds import AlgorithmEntry
from consents.algorithms.models import Algorithm, AlgorithmVersion, StateChange
from consents.algorithms.parts import PARTS, REQUIRED, EntryFacts, entry_sha256, facts_json
from consents.algorithms.publishing.steps import tell
from consents.enums import TextState
from consents.lint import Report
from consents.manuscripts.faults import NoSuchData
from consents.models import CATALOGUE
from consents.texts import LANGUAGES
from datasources.catalogue.files import read_city_catalogue
from datasources.models import Department
from portal.ledger.actor import Actor

_NOON = time(12)
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class AlgorithmFault(Exception):
    """A file of algorithms cannot be loaded; the message names the place and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangeFile(_Part):
    """A step from state to state, and why, in three languages."""

    to: AlgorithmState
    on: date
    fi: Words
    sv: Words
    en: Words


class AlgorithmFile(_Part):
    """One algorithm; `change` holds every state that it was in, oldest first. Texts are `{part: text}`."""

    slug: str
    department: str
    datasets: list[str]
    facts: EntryFacts
    change: list[ChangeFile]
    fi: dict[str, Words]
    sv: dict[str, Words]
    en: dict[str, Words]

    @property
    def parts(self) -> dict[str, dict[str, str]]:
        """As the register keeps them."""
        return {language: dict(getattr(self, language)) for language in LANGUAGES}


class _File(_Part):
    algorithm: list[AlgorithmFile]


def read_algorithms(path: Path) -> list[AlgorithmFile]:
    """Every algorithm of a file, checked. AlgorithmFault."""
    try:
        files = _File.model_validate(tomllib.loads(path.read_text())).algorithm
    except (tomllib.TOMLDecodeError, ValidationError) as fault:
        raise AlgorithmFault(f"{path.name}: {fault}") from None
    for file in files:
        for language, texts in file.parts.items():
            if odd := {*texts} - {*PARTS} or {*REQUIRED} - {*texts}:
                raise AlgorithmFault(f"{file.slug}, {language}: no such part, or none: {', '.join(sorted(odd))}.")
        if not file.change:
            raise AlgorithmFault(f"{file.slug}: its state is not told.")
    return files


def linted_files(path: Path, catalogue: Path) -> dict[str, Report]:
    """{slug: report} of each algorithm in the file; `catalogue` is the folder with the city's registers."""
    names: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for department in read_city_catalogue(catalogue):
        registers = department.register_
        rows = [department, *registers, *(each for register in registers for each in register.dataset)]
        for language in LANGUAGES:
            names[language] += [getattr(row.name, language) for row in rows]  # type: ignore[attr-defined]
    return {
        file.slug: check_entry(file.parts, facts_json(file.facts), EntryBeside(names)) for file in read_algorithms(path)
    }


def load(path: Path, *, by: Actor, at: datetime) -> int:
    """Load and publish; how many entries are new. Within the staff's scope. AlgorithmFault."""
    return sum(_loaded(file, by=by, at=at) for file in read_algorithms(path))


def _loaded(file: AlgorithmFile, *, by: Actor, at: datetime) -> bool:
    department = Department.objects.filter(slug=file.department).first()
    if department is None:
        raise AlgorithmFault(f"{file.slug}: there is no department {file.department}.")
    try:
        datasets_named(file.datasets)
    except NoSuchData:
        raise AlgorithmFault(f"{file.slug}: it reads a dataset that the catalogue does not have.") from None
    algorithm, _ = Algorithm.objects.get_or_create(
        slug=file.slug, defaults={"department": department, "state_since_at": at}
    )
    algorithm.department = department
    _change(algorithm, file, by=by, at=at)
    return _publish(algorithm, file, by=by, at=at)


def _change(algorithm: Algorithm, file: AlgorithmFile, *, by: Actor, at: datetime) -> None:
    """The states that the file tells and the register does not know; none once staff or a job has changed it."""
    known = list(algorithm.changes.all())
    if any(each.by != CATALOGUE for each in known):
        return
    for change in file.change[len(known) :]:
        moment = min(timezone.make_aware(datetime.combine(change.on, _NOON)), at)
        before = algorithm.state if algorithm.changes.exists() else ""
        entry = tell(
            algorithm, AlgorithmEntry.STATE_CHANGED, by=by, at=at, counts={"before": before, "after": change.to.value}
        )
        StateChange.objects.create(
            algorithm=algorithm,
            before=before,
            after=change.to,
            reason={language: getattr(change, language) for language in LANGUAGES},
            at=moment,
            by=CATALOGUE,
            entry_id=entry,
        )
        algorithm.state, algorithm.state_since_at = change.to, moment
    algorithm.save(update_fields=["state", "state_since_at"])


def _taken_over(algorithm: Algorithm) -> bool:
    """Staff began an entry of their own: from then on the file does not rule it."""
    return algorithm.versions.exclude(drafted_by=CATALOGUE).exists()


def _publish(algorithm: Algorithm, file: AlgorithmFile, *, by: Actor, at: datetime) -> bool:
    parts, facts, datasets = file.parts, facts_json(file.facts), sorted(file.datasets)
    digest = entry_sha256(parts, facts, datasets)
    newest = algorithm.versions.order_by("-version").first()
    if _taken_over(algorithm) or (newest is not None and newest.sha256 == digest):
        return False
    algorithm.versions.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
    version = newest.version + 1 if newest else 1
    _made(algorithm, version, {"parts": parts, "facts": facts, "datasets": datasets, "sha256": digest}, at=at)
    tell(algorithm, AlgorithmEntry.PUBLISHED, by=by, at=at, datasets=datasets, counts={"version": version})
    return True


def _made(algorithm: Algorithm, version: int, content: Mapping[str, Any], *, at: datetime) -> None:
    AlgorithmVersion.objects.create(
        algorithm=algorithm,
        version=version,
        **content,
        state=TextState.PUBLISHED,
        drafted_by=CATALOGUE,
        drafted_at=at,
        published_at=at,
    )
