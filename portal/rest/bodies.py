"""Bodies, in and out: JSON and nothing else. Unknown fields are refused, so that a typo never means "everything"."""

import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from portal.rest.problem_kinds import TOO_LARGE, WRONG_TYPE
from portal.rest.problems import BadRequest, Flaw, Refused

T = TypeVar("T")

_JSON = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.ASCII | re.IGNORECASE)
_UNKNOWN = re.compile(r"Object contains unknown field `([a-z][a-z_]{0,40})`", re.ASCII)
_STRANGE = "Object contains unknown field"
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
# Not `\\u0000`, which is a backslash and five characters.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def content_of(request: Request) -> bytes:
    """The bytes of the body, at most DATA_UPLOAD_MAX_MEMORY_SIZE. Refused when they say they are something else."""
    said, packed = request.META.get("CONTENT_TYPE", ""), request.META.get("HTTP_CONTENT_ENCODING", "identity")
    if (said != "application/json" and not _JSON.fullmatch(said)) or packed.lower() != "identity":
        raise Refused(WRONG_TYPE)
    try:
        content: bytes = request.body
    except RequestDataTooBig:
        raise Refused(TOO_LARGE) from None
    return content


def body_of(request: Request, kind: type[T]) -> T:
    """The JSON body as `kind` (a msgspec Struct that forbids unknown fields); BadRequest names the place otherwise."""
    content = content_of(request)
    try:
        found: T = _decoder(kind).decode(content)
        # Of two values under one name another program may take the other one (RFC 8259 §4).
        if not _reads_back(content):
            _ONCE.decode(content.decode())
    except msgspec.ValidationError as fault:
        raise BadRequest(_flaw(str(fault))) from None
    except _Twice:
        raise BadRequest(Flaw("", "An object tells the same name twice.")) from None
    except (ValueError, RecursionError):
        raise BadRequest(Flaw("", "This is not JSON.")) from None
    if b"\\u0000" in content and _NUL.search(content):
        raise BadRequest(Flaw("", "A text holds the character NUL."))
    return found


def _reads_back(content: bytes) -> bool:
    """Whether nothing of it was dropped: written out again it is the same, as most programs write it.

    A value under a name that stands twice would be missing. Thousands of objects are looked at one by one only when
    something else differs, too: an escaped letter, another order of blanks.
    """
    return _without_blanks(msgspec.json.encode(msgspec.json.decode(content))) == _without_blanks(content)


def _without_blanks(content: bytes) -> bytes:
    return content.replace(b'": ', b'":').replace(b", ", b",")


class _Twice(Exception):
    """A name stands twice in an object."""


def _names_are_told_once(pairs: list[tuple[str, Any]]) -> None:
    # Nothing is built: msgspec has made the value already.
    if len(pairs) > 1 and len({name for name, _ in pairs}) != len(pairs):
        raise _Twice


_ONCE = json.JSONDecoder(object_pairs_hook=_names_are_told_once)


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def _flaw(told: str) -> Flaw:
    # msgspec writes "... - at `$.a[0].b`" and never the value itself.
    sentence, _, place = told.partition(" - at `$")
    pointer = place.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
    if not sentence.startswith(_STRANGE):
        return Flaw(pointer, sentence)
    # A name may be anything, an identity code among others: only what looks like a name of ours is said again.
    named = _UNKNOWN.fullmatch(sentence)
    return Flaw(f"{pointer}/{named[1]}" if named else pointer, "This call takes no field of that name.")


class Json(BaseRenderer):
    """Plain values and msgspec Structs as JSON."""

    media_type, format, charset = "application/json", "json", None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Nothing for an answer without a body."""
        return b"" if data is None else msgspec.json.encode(data)


def answered(value: msgspec.Struct) -> HttpResponse:
    """200 with this as JSON. Where a call is made again and again: DRF's own answer is put together in three steps."""
    return HttpResponse(msgspec.json.encode(value), content_type=Json.media_type)


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
