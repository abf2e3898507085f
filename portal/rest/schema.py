"""The API's description for machines, made from the very types that read and write its bodies (OpenAPI 3.1)."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from drf_spectacular.utils import extend_schema

from portal.rest.models import SCOPES
from portal.rest.problems import Problem

_Method = TypeVar("_Method", bound=Callable[..., Any])
_PLACE = "#/components/schemas/{name}"
_schemas: dict[str, Any] = {}

REFUSALS = {
    400: "The body is not what this call takes; `errors` names each place.",
    401: "No token, or one that does not hold. Get a new one.",
    403: "The token does not carry the scope that this call needs.",
    404: "There is nothing of that name for this client.",
    429: "Too many calls in this minute; `Retry-After` says in how many seconds to come again.",
}


def described(
    operation: str, *, needs: str, takes: type, gives: type, asked: Any, answered: Any, tag: str
) -> Callable[[_Method], _Method]:
    """Describe a view's method, whose docstring is what a reader sees first.

    `takes` and `gives` are the msgspec Structs of its bodies, `asked` and `answered` an example of each; `needs` is the
    scope that the token must carry.
    """

    def describe(method: _Method) -> _Method:
        summary, _, more = inspect.cleandoc(method.__doc__ or "").partition("\n\n")
        whole = {
            "operationId": operation,
            "tags": [tag],
            "summary": summary,
            "description": more.replace("\n", " "),
            "security": [{"client": [needs]}],
            "requestBody": {"required": True, "content": {"application/json": _content(takes, asked)}},
            "responses": {
                "200": {
                    "description": inspect.getdoc(gives) or "",
                    "content": {"application/json": _content(gives, answered)},
                }
            }
            | {str(status): _refusal(sentence) for status, sentence in REFUSALS.items()},
        }
        wrap: Callable[[_Method], _Method] = extend_schema(operation=whole)
        return wrap(method)

    return describe


def _schema(kind: type) -> Any:
    (schema,), parts = msgspec.json.schema_components([kind], ref_template=_PLACE)
    _schemas.update(parts)
    return schema


def _content(kind: type, example: Any) -> dict[str, Any]:
    # An example that its own type refuses is a fault of ours, told when the portal starts.
    msgspec.convert(example, kind)
    return {"schema": _schema(kind), "example": example}


def _refusal(sentence: str) -> dict[str, Any]:
    return {"description": sentence, "content": {"application/problem+json": {"schema": _schema(Problem)}}}


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Hook of drf-spectacular: schemas of all bodies, and how a client shows who it is (RFC 6749 §4.4, RFC 7523)."""
    flow = {"tokenUrl": f"{settings.PUBLIC_URL}/oauth/token/", "scopes": dict(SCOPES)}
    schemes = {"client": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
    return result | {
        "servers": [{"url": settings.PUBLIC_URL}],
        "components": {"schemas": dict(sorted(_schemas.items())), "securitySchemes": schemes},
    }
