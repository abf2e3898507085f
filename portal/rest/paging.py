"""Lists a page at a time: where the next page begins stands in a cursor, which nobody makes up by themselves."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from operator import attrgetter
from typing import Annotated, Any, TypeVar

import msgspec
from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac
from rest_framework.request import Request

from portal.rest.problems import BadRequest, Flaw

Row = TypeVar("Row", bound=Model)

MOST, USUAL = 200, 50
_MARK = 12
_WORDS = ("after", "limit")

# For schema.described.
QUERY: Mapping[str, tuple[Any, str]] = {
    "after": (Annotated[str, msgspec.Meta(max_length=200)], "`next` of the page before; left out for the first page."),
    "limit": (Annotated[int, msgspec.Meta(ge=1, le=MOST)], f"How many at the most; {USUAL} when left out."),
}


def page_of(rows: QuerySet[Row], request: Request, *, by: str) -> tuple[list[Row], str | None]:
    """(the rows of this page, `next`), of rows in the order of the slug `by` (`purpose__slug`); BadRequest.

    `next` is None on the last page.
    """
    for word in request.GET:
        if word not in _WORDS:
            raise BadRequest(Flaw(f"/{word}" if word.isidentifier() and word.isascii() else "", "No such word."))
    most = limit_of(request)
    if "after" in request.GET:
        rows = rows.filter(**{f"{by}__gt": _opened(request.GET["after"], request.path)})
    found = list(rows[: most + 1])
    more = len(found) > most
    last = attrgetter(by.replace("__", "."))
    return found[:most], _cursor(last(found[most - 1]), request.path) if more else None


def limit_of(request: Request, *, usual: int = USUAL, most: int = MOST) -> int:
    """How many rows a page is to have: the word `limit`; BadRequest."""
    told = request.GET.get("limit", str(usual))
    if not (told.isascii() and told.isdecimal() and len(told) <= len(str(most)) and 1 <= int(told) <= most):
        raise BadRequest(Flaw("/limit", f"A whole number from 1 to {most}."))
    return int(told)


def _mark(slug: str, path: str) -> bytes:
    return salted_hmac("cursor", f"{path}\x1f{slug}", secret=settings.SECRET_KEY, algorithm="sha256").digest()[:_MARK]


def _cursor(slug: str, path: str) -> str:
    return base64.urlsafe_b64encode(_mark(slug, path) + slug.encode()).rstrip(b"=").decode()


def _opened(cursor: str, path: str) -> str:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        slug = raw[_MARK:].decode("ascii")
    except (binascii.Error, ValueError):
        raise BadRequest(Flaw("/after", "This is not a cursor that you were given.")) from None
    if not hmac.compare_digest(raw[:_MARK], _mark(slug, path)):
        raise BadRequest(Flaw("/after", "This is not a cursor that you were given."))
    return slug
