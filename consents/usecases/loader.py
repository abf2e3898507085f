"""Bring use cases from the city's file into the database; what staff have changed since is left as it is."""

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, ValidationError

from consents.models import Purpose
from consents.usecases.enums import CaseBasis, CaseState, CostKind, Counted
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Cost, Expectation, Statement
from consents.usecases.rules.steps import may_go
from consents.usecases.texts import LANGUAGES, CaseText
from datasources.enums import CoreProcess
from datasources.models import Dataset, Department
from portal.ledger.actions import record
from portal.ledger.actor import Actor


class CaseFault(Exception):
    """A file of use cases cannot be loaded; the message names the place and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """One step of a case's life, and what the city said with it; without words where it began."""

    state: CaseState
    on: date
    fi: str = ""
    sv: str = ""
    en: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """By language."""
        return {language: getattr(self, language) for language in LANGUAGES} if self.fi else {}


class Bounds(_Part):
    """What one use saves: at least, most likely, at most."""

    low: float
    likely: float
    high: float


class ExpectedFile(_Part):
    """What a case is expected to bring, written down `on` a day before its trial; minutes and euro of one use."""

    on: date
    counted: Counted
    resident_minutes: Bounds
    staff_minutes: Bounds
    euro: Bounds
    uses_a_year: int
    build_euro: int
    yearly_euro: int
    made_up: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        """As the table has them."""
        told = {"resident": self.resident_minutes, "staff": self.staff_minutes, "euro": self.euro}
        numbers = {f"{what}_{bound}": value for what, each in told.items() for bound, value in each}
        alike = ("counted", "uses_a_year", "build_euro", "yearly_euro", "made_up")
        return numbers | {name: getattr(self, name) for name in alike} | {"made_at": _moment(self.on)}


class CostFile(_Part):
    """What one month cost; `month`: its first day."""

    month: date
    kind: CostKind
    euro: int
    reason: str
    made_up: bool = False


class CaseFile(_Part):
    """One case. Its state is that of its last step."""

    slug: str
    department: str
    core_process: CoreProcess
    basis: CaseBasis
    datasets: list[str] = []
    purposes: list[str] = []
    fi: CaseText
    sv: CaseText
    en: CaseText
    step: list[Step]
    expected: ExpectedFile | None = None
    cost: list[CostFile] = []


class _File(_Part):
    case: list[CaseFile]


def read_cases(path: Path) -> list[CaseFile]:
    """Every case of a file, checked. CaseFault."""
    try:
        cases = _File.model_validate(tomllib.loads(path.read_text())).case
    except (tomllib.TOMLDecodeError, ValidationError) as fault:
        raise CaseFault(f"{path.name}: {fault}") from None
    for case in cases:
        _refuse_odd_lives(case)
    return cases


def _refuse_odd_lives(case: CaseFile) -> None:
    states = [step.state for step in case.step]
    if states[:1] != [CaseState.PROPOSED] or not all(map(may_go, states, states[1:])):
        raise CaseFault(f"{case.slug}: its steps do not follow each other.")
    if any(step.state is CaseState.DROPPED and not step.texts for step in case.step):
        raise CaseFault(f"{case.slug}: it was dropped without a reason.")
    tried = [step.on for step in case.step if step.state is CaseState.PILOTED]
    if tried and (case.expected is None or case.expected.on > tried[0]):
        raise CaseFault(f"{case.slug}: before it was tried out, nobody wrote down what is expected of it.")


def load(path: Path, *, by: Actor, at: datetime) -> int:
    """How many cases are new or changed. Within the staff's scope. CaseFault."""
    return sum(_load(file, by=by, at=at) for file in read_cases(path))


def _load(file: CaseFile, *, by: Actor, at: datetime) -> bool:
    row = Case.objects.filter(slug=file.slug).first()
    if row is not None and row.kept_here:
        return False
    facts = _facts(file)
    begun, last = _moment(file.step[0].on), _moment(file.step[-1].on)
    if row is not None and _is_there(row, facts, file):
        return False
    row, _ = Case.objects.update_or_create(slug=file.slug, defaults=facts | {"made_at": begun, "changed_at": last})
    row.datasets.set(_all(Dataset, file.datasets, file.slug))
    row.purposes.set(_all(Purpose, file.purposes, file.slug))
    for number, step in enumerate(file.step):
        _say(row, number, step, file.department)
    _expect(row, file)
    record(UseCaseEntry.CASE_KEPT, by=by, at=at, department=file.department, reference=file.slug)
    return True


def _is_there(row: Case, facts: dict[str, Any], file: CaseFile) -> bool:
    same = all(getattr(row, name) == value for name, value in facts.items())
    return same and (file.expected is None or Expectation.objects.filter(case=row).exists())


def _expect(row: Case, file: CaseFile) -> None:
    """The file's version is the first; what was written down is never changed, by the file neither."""
    if file.expected:
        Expectation.objects.get_or_create(case=row, version=1, defaults=file.expected.columns)
    for cost in file.cost:
        told = cost.model_dump() | {"case": row, "entered_at": _moment(cost.month)}
        name = f"{row.slug}/{cost.month}/{cost.kind}"
        Cost.objects.get_or_create(id=uuid5(NAMESPACE_URL, name), defaults=told)


def _facts(file: CaseFile) -> dict[str, Any]:
    texts = {language: getattr(file, language).model_dump() for language in LANGUAGES}
    facts = {"state": file.step[-1].state.value, "core_process": file.core_process.value, "basis": file.basis.value}
    return facts | {"texts": texts, "department": _all(Department, [file.department], file.slug)[0]}


def _say(row: Case, number: int, step: Step, department: str) -> None:
    """The same step is the same statement, however often the file is loaded."""
    told = {
        "case": row,
        "state": step.state,
        "texts": step.texts,
        "department": department,
        "said_at": _moment(step.on),
    }
    Statement.objects.get_or_create(id=uuid5(NAMESPACE_URL, f"{row.slug}/{number}"), defaults=told)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def _all(model: Any, slugs: list[str], where: str) -> list[Any]:
    found = {row.slug: row for row in model.objects.filter(slug__in=slugs)}
    if missing := [slug for slug in slugs if slug not in found]:
        raise CaseFault(f"{where}: there is no {model._meta.model_name} {', '.join(missing)}.")
    return [found[slug] for slug in slugs]
