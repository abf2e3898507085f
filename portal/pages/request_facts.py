"""What the page of a request shows beside its words: the correction, and what is held back by it."""

from typing import Any

from consents.queries.limiting import restriction_by
from portal.requests.correcting import correction_of
from portal.requests.enums import RequestKind
from portal.requests.models import Request

_HOLDING = (RequestKind.CORRECT, RequestKind.RESTRICT, RequestKind.OBJECT, RequestKind.NOT_ME)


def facts_of(request: Request) -> dict[str, Any]:
    """`correction` and `restriction`, each None where there is none; within a scope of the person."""
    return {
        "correction": correction_of(request) if request.kind == RequestKind.CORRECT else None,
        "restriction": restriction_by(request.pk) if request.kind in _HOLDING else None,
    }
