"""A person's sheets as a department's system gets them: named fields, typed values, never in a language of ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from datasources.enums import FieldType
from datasources.places import sheet_place
from datasources.queries.bodies import body_of
from datasources.queries.brought import Kept, Origin, brought
from datasources.rules.showing import columns_of
from datasources.rules.wording import Scalar
from portal.keys.models import KeyScope
from portal.keys.person_keys import unwrapped
from portal.keys.seals import unseal
from portal.rest.editions import Remembered
from portal.walls import sent
from portal.walls.sql import theirs

# Whose: everyone whom the scope covers. A sheet that its dataset lets live no longer is none, however late the job.
_HELD = f"""
SELECT * FROM (
    SELECT s.person_id, d.slug, d.id, s.body, source.mapping -> d.slug, k.ring_version, k.wrapped, d.keep_days,
           CASE WHEN s.confirmed THEN greatest(s.pulled_at, r.read_at) ELSE s.pulled_at END AS as_of
    FROM datasources_sheet s
    JOIN datasources_dataset d ON d.id = s.dataset_id
    JOIN datasources_source source ON source.id = s.source_id
    LEFT JOIN datasources_reading r ON r.source_id = s.source_id AND r.dataset_id = s.dataset_id
    JOIN keys.person_key k ON k.person_id = s.person_id AND k.scope = %s AND k.destroyed_at IS NULL
    WHERE {theirs("s.person_id")} AND d.slug = ANY (%s) AND d.retired_at IS NULL
) AS held WHERE as_of + make_interval(days => keep_days) > %s
"""  # noqa: S608
_FIELDS = """
SELECT d.slug, f.slug, f.type, f.label_fi, f.label_sv, f.label_en, f.codes
FROM datasources_field f JOIN datasources_dataset d ON d.id = f.dataset_id
WHERE d.slug = ANY (%s) AND d.retired_at IS NULL AND f.retired_at IS NULL ORDER BY d.slug, f.position
"""


@dataclass(frozen=True)
class Described:
    """One field as the catalogue tells it: `label` is `{fi, sv, en}`, `codes` is `{code: {fi, sv, en}}`."""

    type: FieldType
    label: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Held:
    """One sheet, still sealed; `as_of` is when the source last told that it is so."""

    as_of: datetime
    _open: Callable[[], bytes] = field(repr=False)
    _mapping: Mapping[str, Any] = field(repr=False)
    origins: tuple[Origin, ...] = ()

    def records(self, fields: Mapping[str, Described]) -> list[dict[str, Scalar]]:
        """The rows as the source keeps them, with these fields and no other; what a row lacks is None."""
        columns = columns_of(self._open(), self._mapping, {slug: told.type for slug, told in fields.items()})
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def sheets_for(datasets: Sequence[str], *, at: datetime) -> Callable[[], dict[str, Held]]:
    """What reads {dataset: sheet} of the one person whom the scope then covers; no sheet when it covers nobody."""
    rows = sent(_HELD, [KeyScope.RECORDS.value, list(datasets), at])
    read_brought = brought(datasets)

    def read() -> dict[str, Held]:
        found = {row[1]: _held(row[0], *row[2:]) for row in rows()}
        return found | {slug: _brought(kept) for slug, kept in read_brought().items()}

    return read


def _brought(kept: Kept) -> Held:
    return Held(kept.as_of, kept.open, kept.mapping, kept.origins)


def _held(
    person: UUID,
    dataset: UUID,
    body: bytes,
    mapping: Any,
    version: int,
    wrapped: bytes,
    keep_days: int,
    as_of: datetime,
) -> Held:
    def opened() -> bytes:
        key = unwrapped(person, KeyScope.RECORDS, version=version, wrapped=bytes(wrapped))
        return body_of(unseal(key, bytes(body), aad=sheet_place(person, dataset)))

    told = msgspec.json.decode(mapping) if isinstance(mapping, str) else mapping
    return Held(as_of, opened, told or {"columns": {}})


def fields_described(
    datasets: Sequence[str], *, edition: UUID | None = None
) -> Callable[[], Mapping[str, Mapping[str, Described]]]:
    """What reads {dataset: {field: as the catalogue tells it}}, in the catalogue's order.

    `edition` is the one that the call goes by: what was read under it is not read again.
    """
    return _described.read(edition, tuple(datasets), lambda: _send(datasets))


_described: Remembered[Mapping[str, Mapping[str, Described]]] = Remembered()


def _send(datasets: Sequence[str]) -> Callable[[], Mapping[str, Mapping[str, Described]]]:
    rows = sent(_FIELDS, [list(datasets)])

    def read() -> Mapping[str, Mapping[str, Described]]:
        told: dict[str, dict[str, Described]] = {slug: {} for slug in datasets}
        for dataset, slug, kind, fi, sv, en, codes in rows():
            meant = msgspec.json.decode(codes) if isinstance(codes, str) else codes
            told[dataset][slug] = Described(FieldType(kind), {"fi": fi, "sv": sv, "en": en}, meant or {})
        return told

    return read
