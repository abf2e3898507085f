"""What else the bench `export` measures: a person of whom much is held in many places, and departments that take time.

`twelve_registers`: 12 registers, 10,000 rows and 50,000 rows of the log, against a bare script that reads the same
rows, unseals what is sealed (the sheets; nothing is sealed in these entries), copies the tiles of the tree and zips the
very bytes that are in the package, with zlib at the same level. It makes none of these bytes, hashes, signs and stores
nothing.
`ten_departments_s`: how much longer a package takes where ten departments are asked first, each of which answers in
0.3 s.
"""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
import zstandard
from uuid_utils import uuid7

from datasources.places import sheet_place
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.seals import unseal
from portal.ledger.actions import sequence
from portal.ledger.actor import system
from portal.ledger.entries import Facts, alike
from portal.requests.models import Package
from portal.requests.package.sealing import opened
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row, interleaved
from tests.bench.ondemand import TEN, WHO, connect_many, departments
from tests.residents import enter
from tests.sheets import put_sheet

REGISTERS, ROWS, ENTRIES, RUNS = 12, 10_000, 50_000, 3
# Every dataset here has the fields of this one.
_LIKE = "library-card"
_FIELDS = """
INSERT INTO datasources_field
SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid(), 'dataset_id', d.id))).*
FROM datasources_dataset AS d, datasources_field AS f
JOIN datasources_dataset AS model ON model.id = f.dataset_id AND model.slug = %s
WHERE d.slug LIKE 'bench-%%'
"""
_MAPPED = "UPDATE datasources_source SET mapping = jsonb_build_object(slug, %s::jsonb), switched_on = false"
_SHEETS = "SELECT dataset_id, body FROM datasources_sheet WHERE person_id = %s"
_LOG = "SELECT id, body FROM ledger_log WHERE subject = %s ORDER BY id DESC"
_TILES = "SELECT level, number, hashes FROM ledger_tile"
# Takes a person's package, with how many rows: seconds.
Takes = Callable[[UUID, int], float]


def more_rows(portal: Portal, takes: Takes) -> list[Row]:
    """A ratio, and seconds."""
    person = enter(WHO).person
    with departments() as (base, dead):
        connect_many(portal, base, dead)
        ten = _added(portal, person, takes)
    _hold(portal, person)
    found = interleaved(
        {"ours": lambda: _again(portal, person, takes), "bare": lambda: _bare(portal, person)}, runs=RUNS
    )
    return [
        Row("twelve_registers", found["ours"], found["bare"], "s", 2.0, "lower"),
        Row("ten_departments_s", ten, 1.0, "s", 0.6, "lower"),
    ]


def _again(portal: Portal, person: UUID, takes: Takes, *, rows: int = ROWS) -> float:
    with portal.server.connect(DATABASE) as connection:
        connection.execute("DELETE FROM requests_piece")
        connection.execute("DELETE FROM requests_package")
        connection.execute("UPDATE requests_request SET state = 'withdrawn', closed_at = now()")
    return takes(person, rows)


def _added(portal: Portal, person: UUID, takes: Takes) -> float:
    def asked(on: bool) -> float:
        with portal.server.connect(DATABASE) as connection:
            connection.execute("DELETE FROM datasources_sheet")
            told = "UPDATE datasources_source SET switched_on = %s AND slug = ANY (%s), failures = 0, opened_at = NULL"
            connection.execute(told, [on, list(TEN)])
        return _again(portal, person, takes, rows=len(TEN) if on else 0)

    found = interleaved({"with": lambda: asked(True), "without": lambda: asked(False)}, runs=RUNS)
    return found["with"] - found["without"]


# ---- a person of whom much is held -----------------------------------------------------------------------------------
def _hold(portal: Portal, person: UUID) -> None:
    with portal.server.connect(DATABASE) as connection:
        connection.execute("DELETE FROM datasources_sheet")
        connection.execute(_FIELDS, [_LIKE])
        ask = (
            "SELECT f.slug FROM datasources_field f JOIN datasources_dataset d ON d.id = f.dataset_id WHERE d.slug = %s"
        )
        fields = [slug for (slug,) in connection.execute(ask, [_LIKE])]
        slugs = [
            slug for (slug,) in connection.execute("SELECT slug FROM datasources_source WHERE slug LIKE 'bench-%'")
        ]
        columns = msgspec.json.encode({"columns": {slug: slug for slug in fields}}).decode()
        connection.execute(_MAPPED, [columns])
    assert len(slugs) == REGISTERS
    each, left = divmod(ROWS, REGISTERS)
    for number, slug in enumerate(slugs):
        put_sheet(person, slug, _records(fields, each + (left if number == 0 else 0)))
    _log(portal, person)


def _records(fields: Sequence[str], count: int) -> list[dict[str, Any]]:
    return [{field: f"{field} {number * 7919 % 1000}" for field in fields} for number in range(count)]


def _log(portal: Portal, person: UUID) -> None:
    """Numbered and under the tree, as the sequencer leaves them."""
    facts = Facts(person, "sports", "swimming-reminders", ["sports-visits"], "26-1187")
    make = alike("consents.disclosed", by=system("bench"), at=datetime.now(UTC), facts=facts)
    with scope(Role.WORKER, persons=[person]):
        key = person_keys([person], KeyScope.LOG)[person]
    with portal.server.connect(DATABASE) as superuser:
        with superuser.cursor().copy("COPY ledger_pending (id, body) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["uuid", "bytea"])
            for _ in range(ENTRIES):
                entry = uuid7()
                copy.write_row((UUID(bytes=entry.bytes), make(entry, person, key)))
        superuser.execute("ANALYZE ledger_pending")
    while True:
        with scope(Role.WORKER):
            if not sequence(at=datetime.now(UTC)):
                break
    with portal.server.connect(DATABASE) as superuser:
        superuser.execute("ANALYZE")


# ---- the bare script -------------------------------------------------------------------------------------------------
def _bare(portal: Portal, person: UUID) -> float:
    files = _files_of(person)
    with scope(Role.RESIDENT, persons=[person]):
        key = person_keys([person], KeyScope.RECORDS)[person]
    began, rows, out = perf_counter(), 0, io.BytesIO()
    with portal.server.connect(DATABASE) as connection:
        for dataset, body in connection.execute(_SHEETS, [person]).fetchall():
            plain = zstandard.decompress(unseal(key, bytes(body), aad=sheet_place(person, dataset)))
            rows += len(msgspec.json.decode(plain)["values"][0])
        entries = connection.execute(_LOG, [person]).fetchall()
        tiles = b"".join(hashes for _, _, hashes in connection.execute(_TILES).fetchall())
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("tiles", tiles)
    seconds = perf_counter() - began
    assert (rows, len(entries) >= ENTRIES) == (ROWS, True)
    return seconds


def _files_of(person: UUID) -> dict[str, bytes]:
    """What is in the newest package, in the clear."""
    with scope(Role.WORKER):
        package = Package.objects.filter(person_id=person).order_by("-made_at").first()
    assert package is not None
    with ZipFile(io.BytesIO(b"".join(opened(package)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
