"""The API's description for machines, made from the very types that read and write its bodies (OpenAPI 3.1)."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.db.models import Choices
from drf_spectacular.utils import extend_schema

from portal.rest.models import SCOPES
from portal.rest.problem_kinds import kinds
from portal.rest.problems import Problem

_Method = TypeVar("_Method", bound=Callable[..., Any])
_PLACE = "#/components/schemas/{name}"
_IN_PATH = re.compile(r"{(\w+)}", re.ASCII)
_schemas: dict[str, Any] = {}

REFUSALS = {
    400: "The request is not what this call takes; `errors` names each place.",
    401: "No token, or one that does not hold. Get a new one.",
    403: "The token does not carry the scope that this call needs.",
    404: "There is nothing of that name for this client.",
    408: "The body did not come in time. Send the request again on a new connection.",
    413: "The body is too large.",
    415: "The body is not JSON, or is packed.",
    429: "Too many calls; `Retry-After` says in how many seconds to come again.",
    500: "The portal could not answer. Nothing was changed.",
}
_WITH_BODY = {408, 413, 415}
_ONCE_REFUSALS = {
    409: "The first call with this key is still running; `Retry-After` says when to come again.",
    422: "This key was used for another address or another body.",
}
_ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key that you make up for this call. Sent again with the same body, it gets the same answer.",
    "schema": {"type": "string", "pattern": r'^("[!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$'},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
_LEFT = {
    "RateLimit-Policy": "How many calls you may make, and in how many seconds.",
    "RateLimit": "How many calls are left now (r), and in how many seconds there will be one (t).",
}
_AGAIN = {"Retry-After": "In how many seconds to come again."}


class NamedTwice(Exception):
    """Two types of bodies have one name."""


def described(
    operation: str,
    *,
    tag: str,
    needs: str | None = None,
    takes: type | None = None,
    asked: Any = None,
    query: Mapping[str, tuple[Any, str]] | None = None,
    gives: type | None = None,
    answered: Any = None,
    status: int = 200,
    once: bool = False,
    lines: bool = False,
    refusals: Mapping[int, str] | None = None,
) -> Callable[[_Method], _Method]:
    """Describe a view's method, whose docstring is what a reader sees first.

    `takes` and `gives` are the msgspec Structs of its bodies, `asked` and `answered` an example of each; `query` names
    the words after the question mark, each with its type and a sentence. `needs` is the scope that the token must
    carry; without it any token will do. `status` is that of success. `once`: it changes something, and takes an
    Idempotency-Key (idempotency.once). `lines`: the body is many of `takes`, one a line (NDJSON). `refusals`: what else
    it may answer, by status.
    """

    refused = REFUSALS | (_ONCE_REFUSALS if once else {}) | dict(refusals or {})
    whole: dict[str, Any] = {
        "operationId": operation,
        "tags": [tag],
        "security": [{"client": [needs] if needs else []}],
        "parameters": [*_words(query or {}), *([_ONCE] if once else [])],
        "responses": {str(status): _success(gives, answered), **_refusals(refused, has_body=takes is not None)},
    } | _request(takes, asked, lines=lines)

    def describe(method: _Method) -> _Method:
        summary, _, rest = inspect.cleandoc(method.__doc__ or "").partition("\n\n")
        told = {"summary": summary, "description": rest.replace("\n", " ")}
        wrap: Callable[[_Method], _Method] = extend_schema(operation=whole | told)
        return wrap(method)

    return describe


def _request(takes: type | None, asked: Any, *, lines: bool) -> dict[str, Any]:
    if takes is None:
        return {}
    media = "application/x-ndjson" if lines else "application/json"
    return {"requestBody": {"required": True, "content": {media: _content(takes, asked)}}}


def _refusals(refused: Mapping[int, str], *, has_body: bool) -> dict[str, Any]:
    shown = {status: told for status, told in sorted(refused.items()) if has_body or status not in _WITH_BODY}
    return {str(status): _refusal(status, told) for status, told in shown.items()}


def one_of(choices: type[Choices]) -> msgspec.Meta:
    """For `Annotated[str, one_of(Basis)]`: Django's choices, which msgspec takes for no enumeration."""
    return msgspec.Meta(extra_json_schema={"enum": list(choices.values)})


def _words(query: Mapping[str, tuple[Any, str]]) -> Iterator[dict[str, Any]]:
    for name, (kind, sentence) in query.items():
        yield {"name": name, "in": "query", "required": False, "description": sentence, "schema": _schema(kind)}


def _schema(kind: Any) -> Any:
    (schema,), parts = msgspec.json.schema_components([kind], ref_template=_PLACE)
    for name, part in parts.items():
        if _schemas.setdefault(name, part) != part:
            raise NamedTwice(name)
    return schema


def _content(kind: type, example: Any) -> dict[str, Any]:
    # An example that its own type refuses is a fault of ours, told when the portal starts.
    msgspec.convert(example, kind)
    return {"schema": _schema(kind), "example": example}


def _headers(told: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"description": sentence, "schema": {"type": "string"}} for name, sentence in told.items()}


def _success(gives: type | None, answered: Any) -> dict[str, Any]:
    if gives is None:
        return {"description": "Done.", "headers": _headers(_LEFT)}
    content = {"application/json": _content(gives, answered)}
    return {"description": inspect.getdoc(gives) or "", "headers": _headers(_LEFT), "content": content}


def _refusal(status: int, sentence: str) -> dict[str, Any]:
    slug, known = next((slug, each) for slug, each in kinds().items() if each.status == status)
    example = {
        "type": f"{settings.PUBLIC_URL}/api/problems/{slug}/",
        "title": known.title,
        "status": status,
        "instance": "urn:uuid:0b9c3c1e-2f5a-4a7e-8d52-5d1d8f1f5a10",
    }
    content = {"application/problem+json": {"schema": _schema(Problem), "example": example}}
    told = {"description": sentence, "content": content}
    return told | ({"headers": _headers(_AGAIN)} if status in {409, 429} else {})


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Hook of drf-spectacular: schemas of all bodies, what stands in paths, and how a client shows who it is.

    RFC 6749 §4.4, RFC 7523.
    """
    flow = {"tokenUrl": f"{settings.PUBLIC_URL}/oauth/token/", "scopes": dict(SCOPES)}
    schemes = {"client": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
    return result | {
        "paths": {path: _with_path(path, methods) for path, methods in result["paths"].items()},
        "servers": [{"url": settings.PUBLIC_URL}],
        "components": {"schemas": dict(sorted(_schemas.items())), "securitySchemes": schemes},
    }


def _with_path(path: str, methods: dict[str, Any]) -> dict[str, Any]:
    # An id is a UUID, and a name a slug.
    name_of_ours = {"type": "string", "pattern": "^[a-z0-9-]+$"}
    known = {"slug": name_of_ours, "dataset": name_of_ours}
    places = [
        {"name": name, "in": "path", "required": True, "schema": known.get(name, {"type": "string", "format": "uuid"})}
        for name in _IN_PATH.findall(path)
    ]
    return {
        method: operation | {"parameters": [*places, *operation["parameters"]]} for method, operation in methods.items()
    }
