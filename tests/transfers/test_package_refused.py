"""What a package is refused for, and that no byte of a good one can be another."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED

import pytest
from django.utils import translation
from joserfc.jwk import ECKey, OKPKey

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import LANGUAGES, METADATA, SIGNATURE, PersonDigest
from datasources.transfers.package.tables import csv_of
from datasources.transfers.package.texts import LABELS, REASONS
from datasources.transfers.package.verifying import KeyFound, verify
from datasources.transfers.package.writing import write_package
from tests.house.sources import ROOT
from tests.transfers import hostile
from tests.transfers.made import (
    KEY,
    NOW,
    OTHER_CODE,
    ROWS,
    SCHEMA,
    expected,
    head,
    item,
    key_known,
    package,
    verified,
)

GOOD = package()
DATA, TABLE, ROWS_SCHEMA = "data/shelf.json", "data/shelf.csv", "schemas/shelf.json"
_OTHER = ECKey.generate_key("P-256", {"kid": str(KEY.kid)})


def rows(told: object) -> bytes:
    return hostile.with_file(DATA, json.dumps(told, separators=(",", ":")).encode())


def swapped() -> bytes:
    """The list of another good package, under this one's signature."""
    files = hostile.files_of(GOOD)
    other = hostile.files_of(package(expires=NOW + timedelta(days=9)))[METADATA]
    return hostile.signed(files | {METADATA: other}, signature=lambda *_: files[SIGNATURE])


def deep(levels: int) -> list[object]:
    return [] if levels == 0 else [deep(levels - 1)]


Case = tuple[Callable[[], bytes], Reason]
CASES: dict[str, Case] = {
    # ---- no such file, or not a whole one ----
    "nothing": (lambda: b"", Reason.NOT_A_PACKAGE),
    "a picture": (lambda: b"\x89PNG" * 100, Reason.NOT_A_PACKAGE),
    "an empty archive": (lambda: hostile.Archive().end(), Reason.NOT_A_PACKAGE),
    "sealed and not opened": (lambda: b"eyJhbGciOiJFQ0RILUVTIn0.a.b.c.d", Reason.SEALED),
    "larger than 200 MB": (lambda: GOOD + bytes(200 << 20), Reason.TOO_LARGE),
    "cut off": (lambda: GOOD[:-100], Reason.BROKEN_OFF),
    "cut off in its end": (lambda: GOOD[:-3], Reason.SOMETHING_AROUND),
    "half of it": (lambda: GOOD[: len(GOOD) // 2], Reason.BROKEN_OFF),
    # ---- something around ----
    "bytes before": (lambda: b"#!/bin/sh\n" + GOOD, Reason.SOMETHING_AROUND),
    "bytes after": (lambda: GOOD + b"\n", Reason.SOMETHING_AROUND),
    "another archive after": (lambda: GOOD + GOOD, Reason.SOMETHING_AROUND),
    "a comment": (lambda: hostile.signed(hostile.files_of(GOOD), comment=b"hello"), Reason.SOMETHING_AROUND),
    "bytes between files": (lambda: hostile.bent(before=b"hidden"), Reason.SOMETHING_AROUND),
    "a gap between files": (lambda: hostile.bent(local_extra=b"hidden"), Reason.SOMETHING_AROUND),
    # ---- made to harm, or by another program ----
    "encrypted": (lambda: hostile.bent(flags=1), Reason.ENCRYPTED),
    "strongly encrypted": (lambda: hostile.bent(flags=0x40), Reason.ENCRYPTED),
    "sizes told after the file": (lambda: hostile.bent(flags=8), Reason.ARCHIVE),
    "stored": (lambda: hostile.bent(method=0), Reason.COMPRESSION),
    "packed by another method": (lambda: hostile.repacked(ZIP_BZIP2), Reason.COMPRESSION),
    "packed again by a person": (lambda: hostile.repacked(ZIP_DEFLATED), Reason.ARCHIVE),
    "another version needed": (lambda: hostile.bent(version=45), Reason.ARCHIVE),
    "another time": (lambda: hostile.bent(time=1), Reason.ARCHIVE),
    "extra fields": (lambda: hostile.bent(extra_size=4, extra=b"UT\x00\x00"), Reason.ARCHIVE),
    "an extra field in the local header only": (lambda: hostile.bent(only_local={28: 4}), Reason.ARCHIVE),
    "another name in the local header": (lambda: hostile.bent(only_local={35: 0x58}), Reason.ARCHIVE),
    "another size in the local header": (lambda: hostile.bent(only_local={22: 1}), Reason.ARCHIVE),
    "a wrong checksum": (lambda: hostile.bent(crc=1), Reason.CHANGED),
    "too many files": (lambda: hostile.many(10_001), Reason.TOO_MANY_FILES),
    "more files told than there are": (
        lambda: hostile.signed(hostile.files_of(GOOD), count=200),
        Reason.ARCHIVE,
    ),
    "a bomb by ratio": (lambda: hostile.added("data/zeros.json", bytes(32 << 20)), Reason.BOMB),
    "a bomb by size": (lambda: hostile.bent(size=65 << 20), Reason.BOMB),
    "a bomb by all together": (
        lambda: hostile.signed(
            hostile.files_of(GOOD), bends={name: {"size": 60 << 20} for name in hostile.files_of(GOOD)}
        ),
        Reason.BOMB,
    ),
    "more unpacked than was told": (lambda: hostile.bent(size=10), Reason.BOMB),
    "less unpacked than was told": (lambda: hostile.bent(size=10_000), Reason.CHANGED),
    "files over one another": (lambda: hostile.bent(at=0), Reason.BOMB),
    "no deflated bytes": (lambda: hostile.bent(packed=b"\xff" * 40), Reason.CHANGED),
    "bytes after the deflated ones": (lambda: hostile.bent(packed=hostile.deflated(b"[]") + b"x"), Reason.CHANGED),
    "a way upward": (lambda: hostile.bent(name="../../etc/passwd"), Reason.UNSAFE_NAME),
    "a way from the root": (lambda: hostile.bent(name="/etc/passwd"), Reason.UNSAFE_NAME),
    "a way upward for Windows": (lambda: hostile.bent(name="data\\..\\..\\x"), Reason.UNSAFE_NAME),
    "a drive": (lambda: hostile.bent(name="C:evil"), Reason.UNSAFE_NAME),
    "a name with a control sign": (lambda: hostile.bent(name="data/a\x00.json"), Reason.UNSAFE_NAME),
    "a name in other letters": (lambda: hostile.bent(name="data/ä.json"), Reason.UNSAFE_NAME),
    "a folder": (lambda: hostile.bent(name="data/"), Reason.UNSAFE_NAME),
    "a link": (lambda: hostile.bent(mode=0o120777 << 16), Reason.LINK),
    "a program": (lambda: hostile.bent(mode=0o755 << 16), Reason.ARCHIVE),
    "two files of one name": (lambda: hostile.bent(name="data/school-years.json"), Reason.DUPLICATE_NAME),
    # ---- who made it ----
    "no signature": (lambda: hostile.without(METADATA), Reason.NO_SIGNATURE),
    "no list": (
        lambda: hostile.signed({"x": b"x"} | {SIGNATURE: b""}, signature=None),
        Reason.NO_SIGNATURE,
    ),
    "a signature that is none": (
        lambda: hostile.signed(hostile.files_of(GOOD), signature=lambda *_: b"signed"),
        Reason.NO_SIGNATURE,
    ),
    "a signature of something else": (lambda: hostile.with_header(typ="JWT"), Reason.NO_SIGNATURE),
    "a header with more": (lambda: hostile.with_header(crit=["exp"]), Reason.NO_SIGNATURE),
    "alg none": (lambda: hostile.with_header(alg="none"), Reason.ALGORITHM),
    "HS256 with the public key": (hostile.by_shared_secret, Reason.ALGORITHM),
    "another algorithm": (lambda: hostile.with_header(alg="ES512"), Reason.ALGORITHM),
    "the algorithm of another kind of key": (lambda: hostile.with_header(alg="EdDSA"), Reason.ALGORITHM),
    "another key of the same name": (lambda: package(key=_OTHER), Reason.SIGNATURE),
    "a swapped list": (swapped, Reason.SIGNATURE),
    "files of another good package": (
        lambda: hostile.signed(
            hostile.files_of(package(item(rows=[]))), signature=lambda *_: hostile.files_of(GOOD)[SIGNATURE]
        ),
        Reason.SIGNATURE,
    ),
    "a file changed and packed anew": (
        lambda: hostile.signed(
            hostile.files_of(GOOD) | {DATA: b"[]"}, signature=lambda *_: hostile.files_of(GOOD)[SIGNATURE]
        ),
        Reason.CHANGED,
    ),
    "a file that is not as listed": (
        lambda: hostile.signed(hostile.files_of(GOOD) | {DATA: b"[]"}),
        Reason.CHANGED,
    ),
    # ---- what it says of itself ----
    "a list that is no JSON": (lambda: hostile.signed(hostile.files_of(GOOD) | {METADATA: b"{"}), Reason.MANIFEST),
    "a list too deep": (
        lambda: hostile.signed(hostile.files_of(GOOD) | {METADATA: b"[" * 20_000}),
        Reason.MANIFEST,
    ),
    "no expiry": (lambda: hostile.with_told("./", expires=None), Reason.MANIFEST),
    "a time without a zone": (lambda: hostile.with_told("./", expires="2026-12-01T00:00:00"), Reason.MANIFEST),
    "a label of its own": (lambda: hostile.with_told("#item-shelf", legalLabel="ours"), Reason.MANIFEST),
    "an item's file outside": (
        lambda: hostile.with_told("#item-shelf", item={"@id": "https://evil.example/"}),
        Reason.MANIFEST,
    ),
    "two items with one file": (
        lambda: hostile.with_told("#item-shelf", item={"@id": "data/school-years.json"}),
        Reason.MANIFEST,
    ),
    "a media type of its own": (lambda: hostile.with_told(DATA, encodingFormat="text/html"), Reason.MANIFEST),
    "a title that turns the page around": (
        lambda: hostile.with_told("#item-shelf", name="a\u202eb"),
        Reason.MANIFEST,
    ),
    "a count that is none": (lambda: hostile.with_told("#item-shelf", rowCount=True), Reason.MANIFEST),
    "another version of the form": (lambda: hostile.with_told("./", formatVersion="2"), Reason.VERSION),
    "made later than now": (
        lambda: package(issued=NOW + timedelta(hours=1), expires=NOW + timedelta(days=2)),
        Reason.FROM_THE_FUTURE,
    ),
    "over": (lambda: package(expires=NOW), Reason.EXPIRED),
    "good for years": (
        lambda: hostile.with_told("./", expires=(NOW + timedelta(days=900)).isoformat()),
        Reason.LIVES_TOO_LONG,
    ),
    "somebody else's": (lambda: package(person=PersonDigest.of(OTHER_CODE)), Reason.ANOTHER_PERSON),
    "for another city": (lambda: package(audience="oulu"), Reason.ANOTHER_CITY),
    # ---- what is in it ----
    "a file missing": (lambda: hostile.without(DATA), Reason.FILE_MISSING),
    "a page for people missing": (lambda: hostile.without("read-me.sv.html"), Reason.FILE_MISSING),
    "a file more": (lambda: hostile.added("data/more.json"), Reason.FILE_MORE),
    "a program more": (lambda: hostile.added("autorun.inf"), Reason.FILE_MORE),
    "another count of rows": (lambda: hostile.with_told("#item-shelf", rowCount=99), Reason.ROW_COUNT),
    "rows that are no JSON": (lambda: hostile.with_file(DATA, b"[{"), Reason.NOT_JSON),
    "rows that are no list": (lambda: rows({"a": 1}), Reason.NOT_JSON),
    "a row that is no object": (lambda: rows([1, 2, 3]), Reason.NOT_JSON),
    "a name twice in a row": (lambda: hostile.with_file(DATA, b'[{"day":"a","day":"b"}]'), Reason.NOT_JSON),
    "rows in no UTF-8": (lambda: hostile.with_file(DATA, b'[{"day":"\xff"}]'), Reason.NOT_JSON),
    "not a number": (lambda: hostile.with_file(DATA, b'[{"share":NaN}]'), Reason.NOT_JSON),
    "a value seventeen deep": (lambda: rows([{"parts": deep(17)}, {}, {}]), Reason.TOO_DEEP),
    "a value without end": (
        lambda: hostile.with_file(DATA, b'[{"parts":' + b"[" * 20_000 + b"]" * 20_000 + b"}]"),
        Reason.TOO_DEEP,
    ),
    "a column more": (lambda: rows([{"evil": 1}, {}, {}]), Reason.NOT_AS_SCHEMA),
    "a value of another kind": (lambda: rows([{"day": 1}, {}, {}]), Reason.NOT_AS_SCHEMA),
    "yes for a number": (lambda: rows([{"count": True}, {}, {}]), Reason.NOT_AS_SCHEMA),
    "a schema that is none": (lambda: hostile.with_file(ROWS_SCHEMA, b"[]"), Reason.SCHEMA),
    "a schema that is no JSON": (lambda: hostile.with_file(ROWS_SCHEMA, b"{"), Reason.SCHEMA),
    "a schema that looks elsewhere": (
        lambda: hostile.with_file(
            ROWS_SCHEMA, b'{"type":"object","properties":{"day":{"$ref":"http://evil.example/"}}}'
        ),
        Reason.SCHEMA,
    ),
    "a table of other rows": (
        lambda: hostile.with_file(TABLE, csv_of(ROWS[:1], list(SCHEMA["properties"]))),
        Reason.CSV_DIFFERS,
    ),
    "a table with a formula": (
        lambda: hostile.with_file(TABLE, hostile.files_of(GOOD)[TABLE].replace(b"'=2+2", b"=2+2")),
        Reason.CSV_DIFFERS,
    ),
}


def refusal(data: bytes, keys: Callable[[str, str], KeyFound] = key_known) -> Reason:
    with pytest.raises(Refused) as refused:
        verify(BytesIO(data), keys, expected())
    return refused.value.reason


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_for_what_it_is(name: str) -> None:
    make, reason = CASES[name]
    assert refusal(make()) is reason


def test_there_are_many_ways_and_each_is_told_in_words() -> None:
    assert len(CASES) >= 40
    for language in LANGUAGES:
        with translation.override(language):
            assert all(str(REASONS[reason]) for reason in Reason)
    assert len(LABELS) == 5


def test_a_package_seen_before_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        verified(GOOD, seen=lambda told: told.nonce != "")
    assert refused.value.reason is Reason.SEEN_BEFORE


def test_a_key_that_no_city_has_and_a_city_that_is_not_trusted_are_told_apart() -> None:
    for reason in (Reason.UNKNOWN_KEY, Reason.UNKNOWN_CITY, Reason.KEYS_UNREACHABLE):

        def keys(_: str, __: str, reason: Reason = reason) -> KeyFound:
            raise Refused(reason)

        assert refusal(GOOD, keys) is reason


def test_what_a_withdrawn_key_signed_before_is_marked_and_what_it_signed_after_refused() -> None:
    made = head().issued

    def withdrawn(since: timedelta) -> Callable[[str, str], KeyFound]:
        return lambda *_: KeyFound(KEY.as_dict(private=False), made + since)

    assert verify(BytesIO(GOOD), withdrawn(timedelta(seconds=1)), expected()).withdrawn_at is not None
    assert refusal(GOOD, withdrawn(timedelta(0))) is Reason.KEY_WITHDRAWN


def test_a_city_may_sign_with_ed25519() -> None:
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    sink = BytesIO()
    write_package(sink, head(), [item()], key=key)
    known = KeyFound(key.as_dict(private=False))
    assert verify(sink, lambda *_: known, expected()).kid == key.kid
    changed = sink.getvalue().replace(b"read-me.fi", b"read-me.fj")
    assert refusal(changed, lambda *_: known) is Reason.CHANGED


def test_the_description_for_developers_names_every_refusal() -> None:
    told = (ROOT / "docs" / "transfer-package.md").read_text()
    assert [reason for reason in Reason if f"`{reason}`" not in told] == []
