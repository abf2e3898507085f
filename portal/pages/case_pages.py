"""A use case as its page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consents.usecases.enums import CaseState
from consents.usecases.models import Case
from consents.usecases.queries.cases import Statements, basis_of, purposes_of, statements_of
from consents.usecases.texts import CaseText, in_language
from datasources.enums import CoreProcess


@dataclass(frozen=True)
class CaseTold:
    """`data`: (name, slug of its register); `lang`: of `text`; `signature`: of whoever proposed it."""

    slug: str
    text: CaseText
    lang: str
    by_resident: bool
    signature: str
    state: str
    dropped: bool
    process: str
    basis: str
    kept_by: str
    data: Sequence[tuple[str, str]]
    purposes: Sequence[str]
    supports: int
    made_at: datetime
    statements: Sequence[Statements]


def case_told(case: Case, language: str) -> CaseTold:
    """Two statements, and one more where another department spoke than the one that keeps it."""
    text, spoken = in_language(case.texts, language)
    return CaseTold(
        slug=case.slug,
        text=text,
        lang=spoken,
        by_resident=bool(case.language),
        signature=case.signature,
        state=str(CaseState(case.state).label),
        dropped=case.state == CaseState.DROPPED,
        process=str(CoreProcess(case.core_process).label) if case.core_process else "",
        basis=basis_of(case),
        kept_by=case.department.everyday_name if case.department else "",
        data=[(each.name, each.register.slug) for each in case.datasets.all()],
        purposes=purposes_of(case, language),
        supports=case.supports,
        made_at=case.made_at,
        statements=statements_of(case, language),
    )
