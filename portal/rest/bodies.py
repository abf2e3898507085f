"""Strict bodies: unknown fields are refused, so that a typo never means "everything"."""

from typing import TypeVar

import msgspec
from rest_framework.request import Request

from portal.rest.problems import BadRequest, Flaw

T = TypeVar("T")


def body_of(request: Request, kind: type[T]) -> T:
    """The JSON body as `kind` (a msgspec Struct that forbids unknown fields); BadRequest names the place otherwise."""
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.ValidationError as fault:
        # msgspec writes "... - at `$.a[0].b`" and never the value itself.
        sentence, _, place = str(fault).partition(" - at `$")
        pointer = place.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        raise BadRequest(Flaw(pointer, sentence)) from None
    except msgspec.DecodeError:
        raise BadRequest(Flaw("", "This is not JSON.")) from None
