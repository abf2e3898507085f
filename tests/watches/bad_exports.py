"""Files that cannot be used, and those that harm."""

import io
import struct
import zipfile
from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any

from demo.watches import EXPORTS
from demo.watches.apple import apple_export
from demo.watches.garmin import packed
from tests.watches.reading import DAYS

MEGABYTE = 1 << 20
_HEALTH = '<?xml version="1.0"?><HealthData>'


def _named(name: str, *, link: bool = False) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        info = zipfile.ZipInfo(name)
        if link:
            info.external_attr = 0o120777 << 16
        archive.writestr(info, "<HealthData/>")
    return whole.getvalue()


def _locked() -> bytes:
    content = bytearray(packed({"a.xml": "<HealthData/>"}))
    # The bit that says so, in the file's own header and in the directory.
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + at] |= 1
    return bytes(content)


def _bomb() -> bytes:
    return packed({"export.xml": "0" * (20 * MEGABYTE)})


def _overlapping() -> bytes:
    """Two entries of the directory, one file."""
    return _listed(2)


def _many() -> bytes:
    return _listed(100_001)


def _listed(times: int) -> bytes:
    """One file, so many times in the directory."""
    content = packed({"a.xml": "<HealthData/>" * 9})
    at, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    entry, tail = content[at:end], bytearray(content[end:])
    struct.pack_into("<HH", tail, 8, times & 0xFFFF, times & 0xFFFF)
    struct.pack_into("<L", tail, 12, times * len(entry))
    return content[:at] + entry * times + bytes(tail)


def _nested(depth: int) -> bytes:
    content = apple_export(DAYS)
    for _ in range(depth):
        content = packed({"export.zip": content})
    return content


def _entities() -> bytes:
    ten = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE HealthData [<!ENTITY e0 "ha">{ten}]><HealthData>&e9;</HealthData>'.encode()


def _outer_entity() -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<HealthData><Record type="HKQuantityTypeIdentifierStepCount" sourceName="&x;"/></HealthData>'
    )


def _json_of(count: int) -> bytes:
    return b'[{"dateTime":"01/02/26 10:00:00","value":' + b"[" * count


# {name: (what makes it, the kind of the sentence)}.
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing in it": (lambda: b"", "empty"),
    "a picture named export.zip": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(5000), "not_known"),
    "a web page saved as .fit": (lambda: b"<!DOCTYPE html>\n<html><body>Kirjaudu</body></html>", "web_page"),
    "text": (lambda: b"muistiinpanoja", "not_known"),
    "zeros": (lambda: bytes(100), "not_known"),
    "an archive of nothing": (lambda: packed({}), "not_known"),
    "an archive of pictures": (lambda: packed({"a.jpg": b"\xff\xd8\xff"}), "not_known"),
    "an archive with a password": (_locked, "encrypted"),
    "an archive with a locked one in it": (lambda: packed({"a.zip": _locked()}), "encrypted"),
    "a bomb": (_bomb, "bomb"),
    "a bomb in an archive": (lambda: packed({"a.zip": _bomb()}), "bomb"),
    "files over one another": (_overlapping, "bomb"),
    "a hundred thousand files": (_many, "too_many_files"),
    "a way out": (lambda: _named("../../etc/cron.d/x"), "unsafe_names"),
    "a way out the other way": (lambda: _named("..\\x.xml"), "unsafe_names"),
    "a way from the root": (lambda: _named("/etc/passwd"), "unsafe_names"),
    "a link": (lambda: _named("export.xml", link=True), "unsafe_names"),
    "an archive in an archive in an archive": (lambda: _nested(2), "too_deep"),
    "a health export of nothing": ((_HEALTH + "</HealthData>").encode, "nothing_found"),
    "a health export that only begins": (_HEALTH.encode, "damaged"),
    "entities that grow": (_entities, "dangerous"),
    "an entity from outside": (_outer_entity, "dangerous"),
    "elements in elements": ((_HEALTH + "<a>" * 1_000_000).encode, "too_deep"),
    "elements in elements of a track": (("<gpx>" * 1_000_000).encode, "too_deep"),
    "lists in lists": (lambda: _json_of(1_000_000), "too_deep"),
    "no more than the header of FIT": (lambda: EXPORTS["fit"](DAYS)[:14], "damaged"),
    "a value of two million signs": (
        (_HEALTH + '<Record type="' + "x" * 2 * MEGABYTE + '"/></HealthData>').encode,
        "dangerous",
    ),
}


class Endless(RawIOBase):
    """`head`, then the same bytes over and over up to `size`; `most_read` is how far anyone read."""

    def __init__(self, head: bytes, filling: bytes, size: int) -> None:
        super().__init__()
        self._head, self._filling, self._size = head, filling * (MEGABYTE // len(filling)), size
        self._at = self.most_read = 0

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        self._at = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any, /) -> int:
        whole = self._head[self._at :] if self._at < len(self._head) else self._filling
        given = whole[: min(len(room), self._size - self._at)]
        room[: len(given)] = given
        self._at += len(given)
        self.most_read = max(self.most_read, self._at)
        return len(given)
