"""Bodies, in and out: JSON and nothing else. Unknown fields are refused, so that a typo never means "everything"."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from portal.rest.problems import BadRequest, Flaw

T = TypeVar("T")


def body_of(request: Request, kind: type[T]) -> T:
    """The JSON body as `kind` (a msgspec Struct that forbids unknown fields); BadRequest names the place otherwise."""
    try:
        return msgspec.json.decode(request.body, type=kind)
    except RequestDataTooBig:
        raise BadRequest(Flaw("", "The body is too large.")) from None
    except msgspec.ValidationError as fault:
        # msgspec writes "... - at `$.a[0].b`" and never the value itself.
        sentence, _, place = str(fault).partition(" - at `$")
        pointer = place.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        raise BadRequest(Flaw(pointer, sentence)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadRequest(Flaw("", "This is not JSON.")) from None


class Json(BaseRenderer):
    """Plain values and msgspec Structs as JSON."""

    media_type, format, charset = "application/json", "json", None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Nothing for an answer without a body."""
        return b"" if data is None else msgspec.json.encode(data)


class OnlyJson(BaseContentNegotiation):
    """There is one format, so nothing is negotiated."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """The only one."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The only one."""
        only = next(iter(renderers))
        return only, only.media_type
