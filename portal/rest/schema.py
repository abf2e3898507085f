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

ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key that you make up for this call. Sent again with the same body, it gets the same answer.",
    "schema": {"type": "string", "pattern": r'^("[!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$'},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
ONCE_REFUSALS = {
    409: "The first call with this key is still running; `Retry-After` says when to come again.",
    422: "This key was used for another address or another body.",
}
REFUSALS = {
    400: "The body is not what this call takes; `errors` names each place.",
    401: "No token, or one that does not hold. Get a new one.",
    403: "The token does not carry the scope that this call needs.",
    404: "There is nothing of that name for this client.",
    413: "The body is too large.",
    415: "The body is not JSON, or is packed.",
    429: "Too many calls in this minute; `Retry-After` says in how many seconds to come again.",
}


def described(
    operation: str,
    *,
    needs: str,
    takes: type,
    gives: type,
    asked: Any,
    answered: Any,
    tag: str,
    once: bool = False,
) -> Callable[[_Method], _Method]:
    """Describe a view's method, whose docstring is what a reader sees first.

    `takes` and `gives` are the msgspec Structs of its bodies, `asked` and `answered` an example of each; `needs` is the
    scope that the token must carry. `once`: it changes something, and takes an Idempotency-Key (idempotency.once).
    """

    more = ONCE_REFUSALS if once else {}

    def describe(method: _Method) -> _Method:
        summary, _, rest = inspect.cleandoc(method.__doc__ or "").partition("\n\n")
        whole = {
            "operationId": operation,
            "tags": [tag],
            "summary": summary,
            "description": rest.replace("\n", " "),
            "security": [{"client": [needs]}],
            "parameters": [ONCE] if once else [],
            "requestBody": {"required": True, "content": {"application/json": _content(takes, asked)}},
            "responses": {
                "200": {
                    "description": inspect.getdoc(gives) or "",
                    "content": {"application/json": _content(gives, answered)},
                }
            }
            | {str(status): _refusal(sentence) for status, sentence in (REFUSALS | more).items()},
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
