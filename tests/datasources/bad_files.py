"""Files that cannot be used, and the sentence that each is told in."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from demo.people import everyone
from tests.datasources.dropping import HEADER, SHEET, packed, sheet, written

CODE = next(person.identity_code for person in everyone() if person.slug == "raili")
SECRET = "Salainen"
ROW = (CODE, SECRET, "1")
LINE = f"{CODE};{SECRET};1\n"
TOP = "henkilotunnus;paikka;maara\n"
MEGABYTES = 1 << 20


@dataclass(frozen=True)
class Bad:
    """A file that cannot be used. `content` is made when it is needed: some are large."""

    name: str
    sentence: str
    content: Callable[[], bytes]
    form: str = "csv"
    mapping: dict[str, Any] = field(default_factory=dict)


def _csv(name: str, sentence: str, text: str, **mapping: Any) -> Bad:
    return Bad(name, sentence, text.encode, mapping=mapping)


def _json(name: str, sentence: str, content: bytes, **mapping: Any) -> Bad:
    return Bad(name, sentence, lambda: content, "json", mapping)


def _xml(name: str, sentence: str, content: str) -> Bad:
    return Bad(name, sentence, content.encode, "xml")


def _xlsx(name: str, sentence: str, content: Callable[[], bytes]) -> Bad:
    return Bad(name, sentence, content, "xlsx")


def _xml_rows(prolog: str = "", value: str = SECRET) -> str:
    return (
        f"{prolog}<v><visit><henkilotunnus>{CODE}</henkilotunnus><paikka>{value}</paikka><maara>1</maara></visit></v>"
    )


def _bomb_of_entities() -> str:
    ten = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return _xml_rows(f'<!DOCTYPE v [<!ENTITY e0 "ha">{ten}]>', "&e9;")


@cache
def _bomb_of_zeros() -> bytes:
    return packed({SHEET: b" " * (200 * MEGABYTES)})


@cache
def _bomb_that_lies() -> bytes:
    """The directory says that the sheet unpacks to a few bytes (APPNOTE.TXT 4.3.12)."""
    content = bytearray(packed({SHEET: b" " * (50 * MEGABYTES)}))
    true = (50 * MEGABYTES).to_bytes(4, "little")
    return bytes(content.replace(true, (500).to_bytes(4, "little")))


def _large_table() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return packed({SHEET: sheet([]).replace("<sheetData>", f"<sheetData>{cells}")})


def _many_parts() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    return content.getvalue()


BAD = [
    _csv(
        "open quote", "Line 3 of visits.csv is not proper CSV (unexpected end of data).", TOP + LINE + f'{CODE};"a;1\n'
    ),
    _csv(
        "text after a quote",
        """Line 2 of visits.csv is not proper CSV (';' expected after '"').""",
        TOP + f'{CODE};"{SECRET}"b;1\n',
    ),
    _csv("half a line", "Line 3 of visits.csv is shorter than its header.", TOP + LINE + f"{CODE};Sal"),
    _csv("too long a line", "Line 2 of visits.csv is longer than its header.", TOP + f"{CODE};{SECRET};1;2\n"),
    Bad(
        "Latin-1 said to be UTF-8",
        "Line 3 of visits.csv is not written in the encoding utf-8.",
        lambda: (TOP + LINE + f"{CODE};Järvi;1\n").encode("latin-1"),
    ),
    Bad(
        "Windows-1252 with a byte it has not",
        "Line 2 of visits.csv is not written in the encoding cp1252.",
        lambda: TOP.encode() + b"\x81;;\n",
        mapping={"encoding": "windows-1252"},
    ),
    _csv(
        "UTF-8 said to be Windows-1252",
        "visits.csv is written in UTF-8, not in the encoding cp1252.",
        TOP + LINE + f"{CODE};Järvi;1\n",
        encoding="cp1252",
    ),
    Bad(
        "UTF-16 without a mark",
        "visits.csv has no byte order mark, without which UTF-16 cannot be read.",
        lambda: (TOP + LINE).encode("utf-16-le"),
        mapping={"encoding": "utf-16"},
    ),
    Bad(
        "half a UTF-16 sign",
        "Line 3 of visits.csv is not written in the encoding utf-16.",
        lambda: (TOP + LINE).encode("utf-16") + b"\x41",
        mapping={"encoding": "utf-16"},
    ),
    _csv(
        "the same header twice",
        "visits.csv has the column paikka more than once.",
        "henkilotunnus;paikka;PAIKKA;maara\n",
    ),
    _csv("a header is gone", "visits.csv no longer has the column maara, paikka.", "henkilotunnus;hinta\n"),
    _csv("NUL", "Line 3 of visits.csv holds a NUL, which no text does.", TOP + LINE + f"{CODE};a\0b;1\n"),
    _csv("a web page", "visits.csv is a web page, not data.", "\n<!DOCTYPE html><html><body>Maintenance</body></html>"),
    _csv("nothing", "visits.csv is empty: not even a header is in it.", ""),
    _csv(
        "only a header",
        "The system sent nothing at all, though it held records before. Nothing was removed.",
        TOP,
    ),
    Bad(
        "a field of 100 megabytes",
        "Line 2 of visits.csv is longer than 4,194,304 characters.",
        lambda: f"{TOP}{CODE};".encode() + b"x" * (100 * MEGABYTES) + b";1\n",
    ),
    Bad(
        "a quoted field of 100 megabytes",
        "Line 2 of visits.csv is not proper CSV (field larger than field limit (131072)).",
        lambda: f'{TOP}{CODE};"'.encode() + b"x" * (131_073) + b"\n" * 1000 + b'";1\n',
    ),
    Bad(
        "larger than the source may send",
        "visits.csv is larger than 256 megabytes, the most that this source may send.",
        lambda: b"x" * (256 * MEGABYTES + 1),
    ),
    _json(
        "half a JSON", "visits.json ends before its JSON does. It may have been cut on the way.", b'[{"henkilotunnus":'
    ),
    _json("a stray sign", "Line 2 of visits.json is not proper JSON.", b'[{"henkilotunnus": "A",\n oops}]'),
    _json("more after the end", "Line 2 of visits.json is not proper JSON.", b"[]\n[]"),
    _json("NUL in JSON", "Line 2 of visits.json holds a NUL, which no text does.", b'[\n{"a":"\0"}]'),
    _json(
        "NUL spelt in JSON",
        "Row 1 of visits.json holds a NUL, which no text does.",
        b'[{"henkilotunnus": "A", "paikka": "a\\u0000", "maara": 1}]',
    ),
    _xlsx(
        "NUL spelt in a sheet",
        "Row 1 of visits.xlsx holds a NUL, which no text does.",
        lambda: written("xlsx", [("A", "a_x0000_", "1")]),
    ),
    _json("nested deep", "visits.json is nested too deeply.", b"[" * 100_000),
    _json("not a list", "visits.json is not a list of objects.", b'{"henkilotunnus": "A"}'),
    _json("not objects", "visits.json is not a list of objects.", b"[1, 2]"),
    _json("no list there", "visits.json no longer has data/visits.", b'{"data": {}}', rows="data/visits"),
    _json(
        "the same key twice in a row",
        "Row 2 of visits.json has the same key twice.",
        json.dumps([dict(zip(HEADER, ROW, strict=True))] * 2).encode().replace(b'"1"}]', b'"1", "paikka": "b"}]'),
    ),
    _json("the same list twice", "visits.json has the same key twice.", b'{"data": [], "data": []}', rows="data"),
    _json("a row of nobody", "Row 1 of visits.json has no henkilotunnus.", b'[{"paikka": "a", "maara": 1}]'),
    _json("a field is gone", "visits.json no longer has maara.", b'[{"henkilotunnus": "A", "paikka": "a"}]'),
    Bad(
        "Latin-1 in JSON",
        "Line 2 of visits.json is not written in the encoding utf-8.",
        lambda: '[\n{"paikka": "Järvi"}]'.encode("latin-1"),
        "json",
    ),
    _xml("half an XML", "Line 2 of visits.xml is not proper XML.", "<v>\n<visit><henkilotunnus>"),
    _xml("an element left open", "Line 1 of visits.xml is not proper XML.", "<v><visit></v>"),
    _xml(
        "a bomb of entities",
        "visits.xml brings a document type (DTD) with it, which may hide other texts. It is refused.",
        _bomb_of_entities(),
    ),
    _xml(
        "an external entity",
        "visits.xml brings a document type (DTD) with it, which may hide other texts. It is refused.",
        _xml_rows('<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
    ),
    _xml(
        "a document type of elsewhere",
        "visits.xml brings a document type (DTD) with it, which may hide other texts. It is refused.",
        _xml_rows('<!DOCTYPE v SYSTEM "http://127.0.0.1:1/v.dtd">'),
    ),
    _xml("an entity that is not there", "Line 1 of visits.xml is not proper XML.", _xml_rows("", "&x;")),
    _xml("NUL in XML", "Line 2 of visits.xml is not proper XML.", "<v>\n\0</v>"),
    _xml("deep elements", "Line 1 of visits.xml is not proper XML.", "<v>" * 100_000),
    Bad("no element leads there", "visits.xml no longer has list/visit.", b"<v/>".strip, "xml", {"rows": "list/visit"}),
    _xml("a column is gone from every row", "visits.xml no longer has paikka.", _xml_rows().replace("paikka", "x")),
    Bad(
        "100 megabytes in an element",
        "Line 1 of visits.xml is not proper XML.",
        lambda: _xml_rows("", "x" * (100 * MEGABYTES)).encode(),
        "xml",
    ),
    Bad("Latin-1 in XML", "Line 2 of visits.xml is not proper XML.", lambda: "<v>\nJärvi</v>".encode("latin-1"), "xml"),
    _xlsx("CSV said to be XLSX", "visits.xlsx is not a proper XLSX file.", (TOP + LINE).encode),
    _xlsx("half an XLSX", "visits.xlsx is not a proper XLSX file.", lambda: written("xlsx", [ROW])[:-40]),
    _xlsx(
        "an archive of something else", "visits.xlsx would unpack to far more than a table. It is refused.", _many_parts
    ),
    _xlsx("a bomb", "visits.xlsx would unpack to far more than a table. It is refused.", _bomb_of_zeros),
    _xlsx("a bomb that lies", "visits.xlsx is not a proper XLSX file.", _bomb_that_lies),
    _xlsx(
        "a table of one cell far away",
        "visits.xlsx has a table of 16,384 columns and 1,048,576 rows, which is too large.",
        _large_table,
    ),
    _xlsx(
        "broken XML inside", "visits.xlsx is not a proper XLSX file.", lambda: packed({"xl/workbook.xml": "<workbook"})
    ),
    _xlsx(
        "a header is gone from a sheet",
        "visits.xlsx no longer has the column maara.",
        lambda: written("xlsx", [("A", "b")], HEADER[:2]),
    ),
]
