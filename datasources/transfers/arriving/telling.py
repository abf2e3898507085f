"""What a package and its items say of themselves, as it is kept beside them and read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from datasources.transfers.package.shape import Head, Label, Listed
from datasources.transfers.package.shape import Origin as First
from datasources.transfers.package.verifying import Verified
from portal.cities import Text

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """Of a package that held: who issued it, when, until when it is good, what was read, what was left out."""

    city: str
    name: Text
    url: str
    issued: datetime
    expires: datetime
    audience: str | None
    rulebooks: Mapping[str, str]
    items: int
    rows: int
    facts: int
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Told:
    """Of one item: as the package listed it. `columns`: {name: title in three languages}, in the schema's order.

    `first`: the city that it came from before, where it was handed on.
    """

    id: str
    dataset: str
    label: Label
    title: Text
    department: Text
    register: Text
    as_of: datetime
    issuer: str
    issuer_name: Text
    issued: datetime
    first: First | None
    columns: Mapping[str, Text | None] = field(default_factory=dict)


def report_of_package(verified: Verified) -> dict[str, Any]:
    """As JSON can say it."""
    manifest = verified.manifest
    head = manifest.head
    return {
        "city": head.city,
        "name": head.city_name.model_dump(),
        "url": head.url,
        "issued": head.issued,
        "expires": head.expires,
        "audience": head.audience,
        "rulebooks": dict(head.rulebooks),
        "items": len(manifest.items),
        "rows": sum(item.row_count for item in manifest.items),
        "facts": len(manifest.facts),
        "withdrawn_at": verified.withdrawn_at,
    }


def report_in(told: Mapping[str, Any]) -> Report:
    """The same again."""
    return Report(
        **{name: told[name] for name in ("city", "url", "audience", "rulebooks", "items", "rows", "facts")},
        name=Text(**told["name"]),
        issued=_moment(told["issued"]),
        expires=_moment(told["expires"]),
        withdrawn_at=_moment(told["withdrawn_at"]) if told["withdrawn_at"] else None,
    )


def told_of_item(listed: Listed, head: Head, schema: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON can say it."""
    texts = {name: getattr(listed, name).model_dump() for name in ("title", "department", "register")}
    first = listed.origin and {
        "city": listed.origin.city,
        "name": listed.origin.name.model_dump(),
        "issued": listed.origin.issued,
    }
    return texts | {
        "id": listed.id,
        "dataset": listed.dataset,
        "label": listed.label.value,
        "as_of": listed.as_of,
        "issuer": head.city,
        "issuer_name": head.city_name.model_dump(),
        "issued": head.issued,
        "first": first,
        "columns": {name: _titles(each) for name, each in schema.get("properties", {}).items()},
    }


def told_in(told: Mapping[str, Any]) -> Told:
    """The same again."""
    first = told["first"]
    texts: dict[str, Any] = {name: Text(**told[name]) for name in ("title", "department", "register", "issuer_name")}
    return Told(
        **{name: told[name] for name in ("id", "dataset", "issuer")},
        **texts,
        label=Label(told["label"]),
        as_of=_moment(told["as_of"]),
        issued=_moment(told["issued"]),
        first=First(first["city"], Text(**first["name"]), _moment(first["issued"])) if first else None,
        columns={name: Text(**titles) if titles else None for name, titles in told["columns"].items()},
    )


def _titles(column: Any) -> dict[str, str] | None:
    """A column's name in three languages, where its schema tells it so; else its title stands for all of them."""
    if not isinstance(column, dict):
        return None
    told = column.get("titles")
    if isinstance(told, dict) and {"fi", "sv", "en"} <= told.keys():
        return {language: str(told[language]) for language in ("fi", "sv", "en")}
    title = column.get("title")
    return dict.fromkeys(("fi", "sv", "en"), title) if isinstance(title, str) and title else None


def _moment(told: str) -> datetime:
    return msgspec.convert(told, datetime)
