"""What the city said last, for whoever follows without signing in."""

from consents.usecases.models import Statement
from consents.usecases.queries.cases import is_there

_LAST = 50


def latest(slug: str = "") -> list[Statement] | None:
    """The last of all cases, or of one; None where that one is not there. One statement, or two."""
    rows = Statement.objects.filter(case__removed_at=None)
    if slug:
        case = is_there(slug)
        if case is None:
            return None
        rows = rows.filter(case=case)
    return list(rows.select_related("case", "case__department").order_by("-said_at", "-pk")[:_LAST])
