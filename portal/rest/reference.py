"""The API's description for people, read out of the description for machines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

Schema = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One value of a body: `place` reads `answers[].reason`."""

    place: str
    kind: str
    optional: bool


@dataclass(frozen=True)
class Body:
    """What is sent or answered: its lines, and an example as indented JSON."""

    lines: tuple[Line, ...]
    example: str


@dataclass(frozen=True)
class Call:
    """One method of one address."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    asked: Body
    answered: Body
    refusals: tuple[tuple[str, str], ...]


def calls_of(described: Schema) -> tuple[Call, ...]:
    """Every call of an OpenAPI description, in its order; those without a body in and out are not of this API."""
    schemas = described["components"]["schemas"]
    return tuple(
        Call(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            tag=operation["tags"][0],
            summary=operation["summary"],
            description=operation["description"],
            scopes=tuple(scope for each in operation["security"] for scope in each["client"]),
            asked=_body(operation["requestBody"], schemas),
            answered=_body(operation["responses"]["200"], schemas),
            refusals=tuple(
                (status, each["description"]) for status, each in operation["responses"].items() if status != "200"
            ),
        )
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )


def _body(part: Schema, schemas: Schema) -> Body:
    content = part["content"]["application/json"]
    example = msgspec.json.format(msgspec.json.encode(content["example"]), indent=2).decode()
    return Body(tuple(_lines(content["schema"], schemas, "")), example)


def _lines(schema: Schema, schemas: Schema, before: str) -> Iterator[Line]:
    schema = _whole(schema, schemas)
    if "items" in schema:
        yield from _lines(schema["items"], schemas, f"{before}[]")
    for name, part in schema.get("properties", {}).items():
        place = f"{before}.{name}" if before else name
        yield Line(place, _kind(part, schemas), name not in schema.get("required", ()))
        yield from _lines(part, schemas, place)


def _whole(schema: Schema, schemas: Schema) -> Schema:
    named: str = schema.get("$ref", "")
    whole: Schema = schemas[named.rpartition("/")[2]] if named else schema
    return whole


def _kind(schema: Schema, schemas: Schema) -> str:
    schema = _whole(schema, schemas)
    if "anyOf" in schema:
        return " or ".join(_kind(each, schemas) for each in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'], schemas)}{_limits(schema, 'Items')}"
    told = str(schema.get("format") or schema.get("type", "anything"))
    return f"{told}{_limits(schema, 'Length')}" + (f", like {schema['pattern']}" if "pattern" in schema else "")


def _limits(schema: Schema, what: str) -> str:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}")
    return "" if most is None else f", {least} to {most}"
