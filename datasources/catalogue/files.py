"""What a catalogue file must look like. Unknown keys, missing languages and odd values are refused with the place."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from datasources.enums import (
    Basis,
    Connection,
    ConnectorKind,
    CoreProcess,
    Disclosure,
    FieldType,
    KeepsFor,
    Sensitivity,
)

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
FieldSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
# What stands beside the departments in a folder of facts.
_OTHER_FACTS = ("city.toml", "purposes.toml", "algorithms.toml", "usecases.toml")


class CatalogueFault(Exception):
    """A catalogue file cannot be loaded; the message names the file, the place and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """One text in three languages, none of them empty."""

    fi: Words
    sv: Words
    en: Words


class FieldFile(_Part):
    """One field of a dataset."""

    slug: FieldSlug
    label: Text
    type: FieldType
    codes: dict[str, Text] = {}
    disclosure: Disclosure = Disclosure.AT_ONCE
    about_others: bool = False
    copied: bool = False

    @model_validator(mode="after")
    def _codes_have_a_list(self) -> "FieldFile":
        if (self.type is FieldType.CODE) != bool(self.codes):
            raise ValueError("a field of type code has codes, and no other has")
        return self

    @model_validator(mode="after")
    def _others_are_read_first(self) -> "FieldFile":
        if self.about_others and self.disclosure is Disclosure.AT_ONCE:
            raise ValueError("what is about others is not shown at once (disclosure)")
        return self


class DatasetFile(_Part):
    """One kind of data."""

    slug: Slug
    name: Text
    why: Text
    record_name: Text
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    keep_days: int = 30
    field: list[FieldFile] = []


class RegisterFile(_Part):
    """One filing system."""

    slug: Slug
    name: Text
    controllers: Text
    purpose: Text
    basis: Basis
    law: Text
    retention: Text
    origin: Text
    recipients: Text
    core_process: CoreProcess
    connection: Connection
    route: Text | None = None
    reports_uses_since: date | None = None
    dataset: list[DatasetFile]

    @model_validator(mode="after")
    def _others_tell_the_way(self) -> "RegisterFile":
        if self.connection is not Connection.CONNECTED and self.route is None:
            raise ValueError("a register that is not connected tells the way to go (route)")
        return self


class MappingFile(_Part):
    """How a dataset is read from its source: which columns, and under which field each is shown.

    sql: `table`, `joins`, `key`, `order`, `columns`, and, when the system tells what was changed, `watermark`, with
    `sweep_days`, how often everything is read all the same; rest and xroad: `listing`, `search`, `items`, `next`,
    `key`, `columns`, and rest also `search_key`, `paging` with its parameters, `since_parameter`, `optional`; push:
    `columns`, `optional`;
    files: `file`, `format`, `encoding`, `delimiter`, `sheet`, `rows`, `key`, `born`, `columns`,
    `formats`;
    gdpr_api: `rows`, `key`, `columns`, paths of keys joined by `/`. `born` is a birth date that must agree with the
    code beside it, and is not kept. `left_out` says what is never read, and why: a kind of
    `rules.apart.Apart`, told in the reader's language, or words. With
    `may_be_empty`, nothing at all after something means that nobody is left; else it is taken for a fault.
    """

    table: str = ""
    joins: list[dict[Literal["table", "left", "right"], str]] = []
    order: list[str] = []
    watermark: str = ""
    sweep_days: int = 7
    listing: str = ""
    search: str = ""
    search_key: str = ""
    paging: Literal["cursor", "offset", "link", "none"] = "cursor"
    cursor_parameter: str = "cursor"
    offset_parameter: str = "offset"
    limit_parameter: str = "limit"
    since_parameter: str = ""
    optional: list[FieldSlug] = []
    items: str = "items"
    next: str = "next"
    rows: str = ""
    file: str = ""
    format: Literal["", "csv", "tsv", "xlsx", "json", "xml"] = ""
    sheet: str = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    formats: dict[str, Literal["euros", "date", "moment"]] = {}
    key: str = ""
    born: str = ""
    may_be_empty: bool = False
    columns: dict[FieldSlug, str]
    left_out: dict[str, str] = {}


class SourceFile(_Part):
    """A department system; where it is and its secrets come from elsewhere."""

    slug: Slug
    kind: ConnectorKind
    live: bool = False
    keeps_for: KeepsFor = KeepsFor.ACTIVE
    keeps_for_ground: str = ""
    mapping_version: int = 1
    mapping: dict[Slug, MappingFile]

    @model_validator(mode="after")
    def _without_a_list_it_is_asked_live(self) -> "SourceFile":
        if self.kind.is_only_asked and not self.live:
            raise ValueError("a source that has no list of people is asked while they are here (live = true)")
        return self


class DepartmentFile(_Part):
    """One file: a department, its registers, the system they are read from, and one that sends records itself."""

    slug: Slug
    position: int
    name: Text
    everyday_name: Text
    description: Text
    # A shared mailbox of the register keepers, and the language of letters to it.
    keeper_email: str = ""
    keeper_language: Literal["fi", "sv", "en"] = "fi"
    register_: list[RegisterFile]
    source: SourceFile | None = None
    sender: SourceFile | None = None

    @property
    def systems(self) -> list[SourceFile]:
        """Those that there are."""
        return [each for each in (self.source, self.sender) if each]

    @model_validator(mode="after")
    def _mapping_fits(self) -> "DepartmentFile":
        known = {d.slug: {f.slug for f in d.field} for r in self.register_ for d in r.dataset}
        mappings = [pair for system in self.systems for pair in system.mapping.items()]
        if len({dataset for dataset, _ in mappings}) < len(mappings):
            raise ValueError("a dataset comes from two systems")
        for dataset, mapping in mappings:
            if dataset not in known:
                raise ValueError(f"the mapping names a dataset that is not here: {dataset}")
            if odd := mapping.columns.keys() - known[dataset]:
                raise ValueError(f"the mapping of {dataset} names fields that are not here: {', '.join(sorted(odd))}")
        return self


def _sentence(path: Path, fault: ValidationError) -> str:
    lines = [f"{'.'.join(str(step) for step in error['loc'])}: {error['msg']}" for error in fault.errors()]
    return f"{path.name}: " + "; ".join(lines[:5])


def read_department(path: Path) -> DepartmentFile:
    """One file, checked; CatalogueFault with the place otherwise."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text())
        # A field cannot be called `register`: pydantic's metaclass has it.
        return DepartmentFile.model_validate({("register_" if k == "register" else k): v for k, v in raw.items()})
    except tomllib.TOMLDecodeError as fault:
        raise CatalogueFault(f"{path.name}: {fault}") from None
    except ValidationError as fault:
        raise CatalogueFault(_sentence(path, fault)) from None


def read_city_catalogue(folder: Path) -> list[DepartmentFile]:
    """Every department of a city, in order; slugs of registers and datasets are unique in the whole city."""
    departments = sorted(
        (read_department(path) for path in sorted(folder.glob("*.toml")) if path.name not in _OTHER_FACTS),
        key=lambda department: department.position,
    )
    slugs = [d.slug for d in departments]
    slugs += [f"register {r.slug}" for d in departments for r in d.register_]
    slugs += [f"dataset {s.slug}" for d in departments for r in d.register_ for s in r.dataset]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise CatalogueFault(f"These stand twice in the catalogue: {', '.join(twice)}.")
    return departments
