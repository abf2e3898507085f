"""Cases as everyone reads them: no row of a person is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from consents.enums import TextState
from consents.models import PurposeText
from consents.usecases.enums import CaseBasis, CaseState
from consents.usecases.models import Case, Comment, Statement
from consents.usecases.texts import CaseText, in_language
from datasources.enums import CoreProcess
from datasources.models import Dataset, Department


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty is everything. `most_supported`: those first, else what is new."""

    state: str = ""
    process: str = ""
    department: str = ""
    most_supported: bool = False


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `lang`: the language of its text, which a resident's may be alone in."""

    slug: str
    text: CaseText
    lang: str
    state: str
    process: str
    kept_by: str
    supports: int
    changed_at: datetime


@dataclass(frozen=True)
class Statements:
    """What the city said of a case, in the reader's language."""

    at: datetime
    who: str
    state: str
    text: str
    answers: UUID | None


def published() -> QuerySet[Case]:
    """Every case that was not taken back."""
    return Case.objects.filter(removed_at=None)


def wanted_cases(wanted: Wanted) -> QuerySet[Case]:
    """In the order that was asked for."""
    rows = published().select_related("department")
    asked = {"state": wanted.state, "core_process": wanted.process, "department__slug": wanted.department}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return rows.order_by(*(["-supports", "-changed_at"] if wanted.most_supported else ["-changed_at", "slug"]))


def line_of(case: Case, language: str) -> CaseLine:
    """As a list shows it; no statement where its department is there."""
    text, spoken = in_language(case.texts, language)
    return CaseLine(
        slug=case.slug,
        text=text,
        lang=spoken,
        state=str(CaseState(case.state).label),
        process=str(CoreProcess(case.core_process).label) if case.core_process else "",
        kept_by=case.department.everyday_name if case.department else "",
        supports=case.supports,
        changed_at=case.changed_at,
    )


def case_by_slug(slug: str) -> Case | None:
    """With the data that it would need: two statements."""
    datasets = Prefetch("datasets", Dataset.objects.filter(retired_at=None).select_related("register"))
    return published().select_related("department").prefetch_related(datasets).filter(slug=slug).first()


def purposes_of(case: Case, language: str) -> list[str]:
    """Uses of data that it would need, by the names that their published texts have. One statement."""
    texts = PurposeText.objects.filter(purpose__cases=case, purpose__closed_at=None, state=TextState.PUBLISHED)
    return [str(text.parts[language]["name"]) for text in texts.order_by("purpose__slug")]


def is_there(slug: str) -> Case | None:
    """The row alone."""
    return published().filter(slug=slug).first()


def keepers() -> Sequence[Department]:
    """Departments that keep a case, for the filter."""
    return list(Department.objects.filter(cases__removed_at=None, cases__isnull=False).distinct())


def comments_of(case: Case) -> QuerySet[Comment]:
    """Newest first."""
    return Comment.objects.filter(case=case).order_by("-said_at", "-pk")


def comment_of(slug: str, comment: UUID) -> Comment | None:
    """A published comment on a case that is there."""
    return Comment.objects.filter(pk=comment, case__slug=slug, case__removed_at=None).first()


def basis_of(case: Case) -> str:
    """In words; empty while nobody has judged it."""
    return str(CaseBasis(case.basis).label) if case.basis else ""


def statements_of(case: Case, language: str) -> list[Statements]:
    """All that the city said of it, newest first: one statement, or two where another department spoke."""
    rows = list(Statement.objects.filter(case=case).order_by("-said_at", "-pk"))
    keeper = {case.department.slug: case.department.everyday_name} if case.department else {}
    names = keeper | _names({row.department for row in rows} - keeper.keys())
    return [statement_told(row, language, names) for row in rows]


def statement_told(row: Statement, language: str, names: dict[str, str]) -> Statements:
    """As it is read."""
    return Statements(
        at=row.said_at,
        who=names.get(row.department, ""),
        state=str(CaseState(row.state).label) if row.state else "",
        text=row.texts.get(language, ""),
        answers=row.comment_id,
    )


def _names(slugs: set[str]) -> dict[str, str]:
    wanted = slugs - {""}
    found = Department.objects.filter(slug__in=wanted) if wanted else []
    return {each.slug: each.everyday_name for each in found}
