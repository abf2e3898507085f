"""What a department promises of a file, in a checksum beside it or in a manifest of all files."""

import re
from dataclasses import dataclass

import msgspec

from datasources.connectors.files.drops import Drop, Stamp
from datasources.connectors.files.shape import Settings
from datasources.errors import Garbled

_LARGEST = 4 << 20
# As GNU sha256sum writes it: the sum, a blank, a blank or `*`, the name.
_SUM = re.compile(r"([0-9a-fA-F]{64}) [ *](\S.*)")


class Entry(msgspec.Struct, frozen=True):
    """One file of a manifest. `size` in bytes; `sha256` in hexadecimal; `rows` without the header."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


class Manifest(msgspec.Struct, frozen=True):
    """`{"files": [{"name", "size", "sha256", "rows"}, ...]}`; `rows` may be left out."""

    files: list[Entry]


@dataclass(frozen=True)
class Promise:
    """`told_in` is the file that promises, `stamp` its state when it was read; `beside` are the files it is about.

    `size` in bytes and `rows` are None when nothing is promised of them; `sha256` in hexadecimal, small letters.
    """

    told_in: str
    stamp: Stamp
    beside: tuple[str, ...]
    sha256: str
    size: int | None = None
    rows: int | None = None

    def hold(self, name: str, *, size: int, sha256: str) -> None:
        """Garbled when the file is not as promised."""
        if self.size is not None and size != self.size:
            raise Garbled(
                "{file} has {size} bytes, and {told_in} says {promised}. It is left alone.",
                file=name,
                size=size,
                told_in=self.told_in,
                promised=self.size,
            )
        if sha256 != self.sha256:
            raise Garbled(
                "{file} does not agree with its checksum in {told_in}. It is left alone.",
                file=name,
                told_in=self.told_in,
            )

    def hold_rows(self, name: str, count: int) -> None:
        """Garbled when there are more or fewer rows than promised."""
        if self.rows is not None and count != self.rows:
            raise Garbled(
                "{file} has {count} rows, and {told_in} says {promised}. Nothing of it was kept.",
                file=name,
                count=count,
                told_in=self.told_in,
                promised=self.rows,
            )


def promised(drop: Drop, name: str, settings: Settings) -> Promise | None:
    """What is promised of the file; None when nothing need be. Garbled when nothing is and it should."""
    match settings.check_by:
        case "checksum":
            return _by_checksum(drop, name)
        case "manifest":
            return _by_manifest(drop, name, settings.manifest)
    return None


def _by_checksum(drop: Drop, name: str) -> Promise:
    told_in = f"{name}.sha256"
    stamp, content = _small(drop, told_in)
    found = _SUM.fullmatch(content.decode("utf-8", "replace").strip())
    if found is None or found[2] != name:
        raise Garbled("{told_in} is not a checksum of {file} as sha256sum writes it.", told_in=told_in, file=name)
    return Promise(told_in, stamp, (name,), found[1].lower())


def _by_manifest(drop: Drop, name: str, told_in: str) -> Promise:
    stamp, content = _small(drop, told_in)
    try:
        entries = {entry.name: entry for entry in msgspec.json.decode(content, type=Manifest).files}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Garbled(
            "{told_in} is not a manifest: names, sizes, sha256 and rows of the files.", told_in=told_in
        ) from None
    if name not in entries:
        raise Garbled("{told_in} says nothing of {file}. It is left alone.", told_in=told_in, file=name)
    told = entries[name]
    return Promise(told_in, stamp, tuple(entries), told.sha256.lower(), told.size, told.rows)


def _small(drop: Drop, told_in: str) -> tuple[Stamp, bytes]:
    """State and content of a file that promises."""
    stamp = drop.look(told_in)
    if stamp is None:
        raise Garbled(
            "{told_in} is not in the folder yet. What it is about is left alone until it comes.", told_in=told_in
        )
    content = bytearray()

    def write(block: bytes) -> None:
        content.extend(block)
        if len(content) > _LARGEST:
            raise Garbled("{told_in} is too large to be a list of files.", told_in=told_in)

    drop.read(told_in, write)
    return stamp, bytes(content)
