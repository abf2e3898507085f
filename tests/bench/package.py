"""A package between cities of 1,000 datasets, 20 MB: written, sealed to a city, opened again and looked through.

`build_s`: written and signed, into memory. `verify`: that it is to the byte what the city signed (the archive's frame
and digest, the signature, whose it is, each file against the list), against a bare program that unpacks the same files
with `zipfile`, takes the SHA-256 of each and verifies one signature; seconds of the processor. `verify_whole`: all that
a package is looked at when it is brought, against the same: also each table against its rows, and both against their
schema, for which the bare program does nothing: at most 3.5 times. `peak_mib`: what
it takes a worker more than it takes when it is idle (140 MiB) to write a package to a disk, sealed, to open it again
and to look it through.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import IO, Any
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from datasources.transfers.package.sealing import Sealing, unseal
from datasources.transfers.package.shape import Head, Item, Label, PersonDigest
from datasources.transfers.package.verifying import Expected, KeyFound, verify, verify_bytes
from datasources.transfers.package.writing import Written, write_package
from datasources.transfers.package.zips import Sink
from demo.people import everyone
from portal.cities import Text
from tests.bench.framework import ROOT, Portal, Row, interleaved

ITEMS, ROWS_EACH, MEGABYTES = 1000, 104, 20
NOW, CODE = datetime(2026, 11, 30, tzinfo=UTC), everyone()[0].identity_code
KEY = ECKey.generate_key("P-256", auto_kid=True)
_WORDS = Text(fi="Lainat", sv="Lån", en="Loans")
_TYPES = {"lent_on": "string", "title": "string", "branch": "string", "renewals": "integer", "fee": "number"}
_SCHEMA = {"type": "object", "properties": {name: {"type": [kind, "null"]} for name, kind in _TYPES.items()}}


def _items() -> Iterator[Item]:
    """Made while they are asked for; 20 MB as JSON and as tables."""
    for number in range(ITEMS):
        rows: list[dict[str, Any]] = [
            {
                "lent_on": f"2026-{row % 12 + 1:02}-{row % 28 + 1:02}",
                "title": f"Nimeke {number * row} ja sen pitkähkö alaotsikko",
                "branch": f"kirjasto-{row % 9}",
                "renewals": row,
                "fee": row / 4,
            }
            for row in range(ROWS_EACH)
        ]
        name = f"dataset-{number}"
        yield Item(name, name, Label.RIGHT, _WORDS, _WORDS, _WORDS, _SCHEMA, rows, NOW)


def build(sink: Sink) -> Written:
    """The package, for the one city."""
    head = Head("turku", _WORDS, "https://turku.example", NOW, NOW + timedelta(days=3), PersonDigest.of(CODE), "espoo")
    return write_package(sink, head, _items(), key=KEY)


def key_of(city: str, kid: str) -> KeyFound:
    """The city's only one."""
    return KeyFound(KEY.as_dict(private=False))


EXPECTED = Expected(CODE, "espoo", NOW, lambda _: False)


def rows(portal: Portal) -> list[Row]:
    """Seconds, a ratio, MiB."""
    package = BytesIO()
    written = build(package)
    size = sum(file.size for file in written.manifest.files if file.name.startswith("data/"))
    assert MEGABYTES <= size / 1e6 < MEGABYTES + 2, size
    measures = {
        "build": lambda: _takes(lambda: build(BytesIO())),
        "bare": lambda: _takes(lambda: _bare(package)),
        "verify": lambda: _takes(lambda: verify_bytes(package, key_of, EXPECTED)),
        "verify_whole": lambda: _takes(lambda: verify(package, key_of, EXPECTED)),
    }
    figures = interleaved(measures)
    return [
        Row("build_s", figures["build"], 1.0, "s", 3.5, "lower"),
        Row("verify", figures["verify"], figures["bare"], "s", 1.5, "lower"),
        Row("verify_whole", figures["verify_whole"], figures["bare"], "s", 3.5, "lower"),
        Row("peak_mib", _peak_mib(portal), 1.0, "MiB", 100, "lower"),
    ]


def _takes(do: Any) -> float:
    began = process_time()
    do()
    return process_time() - began


def _bare(package: IO[bytes]) -> None:
    with ZipFile(package) as archive:
        content = {name: hashlib.sha256(archive.read(name)) for name in archive.namelist()}
        told = archive.read("ro-crate-metadata.json")
    assert len(content) > 3 * ITEMS
    private = KEY.private_key
    assert private is not None
    # One that holds: a signature costs the same whatever it is over.
    private.public_key().verify(_SIGNATURES.setdefault(told, private.sign(told, ec.ECDSA(SHA256()))), told, _ES256)


_ES256, _SIGNATURES = ec.ECDSA(SHA256()), dict[bytes, bytes]()


def in_files(folder: Path) -> None:
    """Written, sealed, opened and looked through, as by workers: nothing whole is ever in memory."""
    city = ECKey.generate_key("P-256", auto_kid=True)
    with (folder / "sealed").open("wb") as sink:
        sealing = Sealing(sink, city.as_dict(private=False))
        build(sealing)
        sealing.end()
    with (folder / "sealed").open("rb") as sealed, (folder / "opened").open("w+b") as opened:
        unseal(sealed, opened, lambda _: city)
        verify(opened, key_of, EXPECTED)


# In a process of its own: the most memory a process ever had is never told back.
_ALONE = """
import re, sys, pathlib, django
django.setup()
from tests.bench.package import in_files
told = lambda name: int(re.search(name + r":\\s+(\\d+) kB", open("/proc/self/status").read())[1])
idle = told("VmRSS")
in_files(pathlib.Path(sys.argv[1]))
print(told("VmHWM") - idle)
"""


def _peak_mib(portal: Portal) -> float:
    folder = portal.folder / "packages"
    folder.mkdir()
    argv = [sys.executable, "-c", _ALONE, str(folder)]
    done = subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024
