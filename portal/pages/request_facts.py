"""What the page of a request shows beside its words: the correction, and what is held back by it."""

from typing import Any

from consents.algorithms.objecting import names_of
from consents.queries.limiting import name_of_held_back, restriction_by
from portal.i18n.languages import language_now
from portal.requests.correcting import correction_of
from portal.requests.enums import RequestKind
from portal.requests.models import Request

_HOLDING = (RequestKind.CORRECT, RequestKind.RESTRICT, RequestKind.OBJECT, RequestKind.NOT_ME)


def facts_of(request: Request) -> dict[str, Any]:
    """`correction`, `restriction` and the `program` that it stops, None where there is none; in the person's scope.

    `held_back`: what the restriction holds back, by its name.
    """
    restriction = restriction_by(request.pk) if request.kind in _HOLDING else None
    slug = restriction.algorithm if restriction else ""
    return {
        "correction": correction_of(request) if request.kind == RequestKind.CORRECT else None,
        "restriction": restriction,
        "held_back": name_of_held_back(restriction, language_now()) if restriction else "",
        "program": (slug, names_of([slug], language_now()).get(slug, slug)) if slug else None,
    }
