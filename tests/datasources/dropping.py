"""Files as departments write them, in every format, and a connector over a folder of them."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from datasources.connectors.files.connector import FilesConnector
from datasources.protocol import Holding, Limits

Rows = Sequence[Sequence[Any]]
HEADER = ("henkilotunnus", "paikka", "maara")
COLUMNS = {"place": "paikka", "amount": "maara"}
FORMATS = ("csv", "tsv", "xlsx", "json", "xml")


def mapping_of(form: str = "csv", **more: Any) -> dict[str, Any]:
    """The mapping of one dataset, read from `visits.<form>`."""
    rows = {"xml": "visit"}.get(form, "")
    return {"file": f"visits.{form}", "key": HEADER[0], "columns": COLUMNS, "rows": rows} | more


def written(form: str, rows: Rows, header: Sequence[str] = HEADER, *, encoding: str = "utf-8") -> bytes:
    """The rows as a whole file."""
    if form in {"csv", "tsv"}:
        return _delimited(form, rows, header).encode(encoding)
    if form == "json":
        return json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False).encode(encoding)
    if form == "xml":
        visits = "".join(f"<visit>{_elements(row, header)}</visit>" for row in rows)
        return f'<?xml version="1.0" encoding="{encoding}"?>\n<visits>{visits}</visits>'.encode(encoding)
    return packed({SHEET: sheet([header, *rows])})


def _delimited(form: str, rows: Rows, header: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t" if form == "tsv" else ";", lineterminator="\r\n")
    writer.writerows([header, *rows])
    return text.getvalue()


def _elements(row: Sequence[Any], header: Sequence[str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in zip(header, row, strict=True))


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Käynnit" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    # The second style shows a number as a day.
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>",
}


SHEET = "xl/worksheets/sheet1.xml"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A workbook of one sheet."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (PARTS | dict(parts)).items():
            archive.writestr(name, text)
    return content.getvalue()


def sheet(rows: Rows) -> str:
    """A worksheet; a number is a number, `(number,)` a day."""
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return f'<c s="1"><v>{value[0]}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space={quoteattr("preserve")}>{escape(value)}</t></is></c>'


def opened(
    settings: Mapping[str, Any], mapping: Mapping[str, Any], *, root: Path | None = None, seconds: float = 10
) -> FilesConnector:
    """The connector; `root` is the operator's place for drop folders."""
    return FilesConnector(dict(settings), {"password": "let-me-in"}, dict(mapping), Limits.within(seconds), root=root)


def read(connector: FilesConnector, dataset: str = "visits") -> list[Holding]:
    """Everybody in one dataset; the connector is closed."""
    try:
        return list(connector.everyone(dataset))
    finally:
        connector.close()


def rows_in(holdings: Sequence[Holding]) -> list[tuple[Any, ...]]:
    """(identity code, values by the names of their columns in order) of every row."""
    told = []
    for held in holdings:
        columns = msgspec.json.decode(held.body)["values"]
        told += [(held.key, *row) for row in zip(*columns, strict=True)]
    return told


def drop(folder: Path, content: bytes, form: str = "csv", **more: Any) -> list[Holding]:
    """Written to a folder of this machine and read from it."""
    shape = mapping_of(form, **more)
    (folder / shape["file"]).write_bytes(content)
    return read(opened({"via": "folder"}, {"visits": shape}, root=folder))
