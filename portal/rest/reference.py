"""The API's description for people, read out of the description for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

Schema = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One value of a body: `place` reads `answers[].reason`; `meaning` is empty where the name says enough."""

    place: str
    kind: str
    optional: bool
    meaning: str = ""


@dataclass(frozen=True)
class Body:
    """What is sent or answered: its lines, and an example as indented JSON."""

    lines: tuple[Line, ...]
    example: str


@dataclass(frozen=True)
class Call:
    """One method of one address. `words` stand in the address or in headers; a body that is not there is None."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    words: tuple[Line, ...]
    asked: Body | None
    status: str
    answered: Body | None
    refusals: tuple[tuple[str, str], ...]
    curl: str


def calls_of(described: Schema) -> tuple[Call, ...]:
    """Every call of an OpenAPI description, in its order."""
    return tuple(
        _call(method, path, operation, described)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )


def by_tag(calls: tuple[Call, ...]) -> Mapping[str, tuple[Call, ...]]:
    """{tag: its calls}, both in the order in which they came."""
    tags = dict.fromkeys(call.tag for call in calls)
    return {tag: tuple(call for call in calls if call.tag == tag) for tag in tags}


def _call(method: str, path: str, operation: Schema, described: Schema) -> Call:
    schemas, base = described["components"]["schemas"], described["servers"][0]["url"]
    status = next(each for each in operation["responses"] if each.startswith("2"))
    asked = _body(operation.get("requestBody", {}), schemas)
    return Call(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=operation["tags"][0],
        summary=operation["summary"],
        description=operation["description"],
        scopes=tuple(scope for each in operation["security"] for scope in each["client"]),
        words=tuple(_word(each, schemas) for each in operation["parameters"]),
        asked=asked,
        status=status,
        answered=_body(operation["responses"][status], schemas),
        refusals=tuple((code, each["description"]) for code, each in operation["responses"].items() if code != status),
        curl=_curl(method.upper(), f"{base}{path}", operation, asked),
    )


def _word(told: Schema, schemas: Schema) -> Line:
    return Line(told["name"], _kind(told["schema"], schemas), not told["required"], told.get("description", ""))


def _curl(method: str, url: str, operation: Schema, asked: Body | None) -> str:
    """The call as one would type it."""
    headers = [f"{each['name']}: {each['example']}" for each in operation["parameters"] if each["in"] == "header"]
    lines = [f"curl -X {method} {url}", '-H "Authorization: Bearer $TOKEN"', *(f'-H "{each}"' for each in headers)]
    if asked is not None:
        media = next(iter(operation["requestBody"]["content"]))
        # Lines are not written over several lines: they come out of a file, and go as they are.
        data = f"-d '{asked.example}'" if media == "application/json" else "--data-binary @lines"
        lines += [f'-H "Content-Type: {media}"', data]
    return " \\\n  ".join(lines)


def _body(part: Schema, schemas: Schema) -> Body | None:
    content = next(iter(part.get("content", {}).values()), None)
    if content is None:
        return None
    example = msgspec.json.format(msgspec.json.encode(content["example"]), indent=2).decode()
    return Body(tuple(_lines(content["schema"], schemas, "")), example)


def _lines(schema: Schema, schemas: Schema, before: str) -> Iterator[Line]:
    schema = _whole(schema, schemas)
    if "items" in schema:
        yield from _lines(schema["items"], schemas, f"{before}[]")
    for name, part in schema.get("properties", {}).items():
        place = f"{before}.{name}" if before else name
        yield Line(place, _kind(part, schemas), name not in schema.get("required", ()), part.get("description", ""))
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
        kind = _kind(schema["items"], schemas) if "items" in schema else "anything"
        return f"list of {kind}{_limits(schema, 'minItems', 'maxItems')}"
    told = str(schema.get("format") or schema.get("type", "anything"))
    pattern = f", like {schema['pattern']}" if "pattern" in schema else ""
    return f"{told}{_limits(schema, 'minLength', 'maxLength')}{_limits(schema, 'minimum', 'maximum')}{pattern}"


def _limits(schema: Schema, low: str, high: str) -> str:
    least, most = schema.get(low, 0), schema.get(high)
    return "" if most is None else f", {least} to {most}"
