"""The printed receipt: PDF/UA-1 (ISO 14289-1), with the signed file attached and a code that leads to the check."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import segno

from portal import paper

_SHEET = Path(__file__).with_name("receipt.typ").read_bytes()


@dataclass(frozen=True)
class Words:
    """All that is printed, in the reader's language; lines are (name, value)."""

    language: str
    title: str
    said: str
    at: str
    lines: Sequence[tuple[str, str]]
    data_title: str
    data: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    events_title: str
    events: Sequence[tuple[str, str]]
    check_title: str
    check: str
    code_says: str
    file_says: str


def printed(words: Words, file: bytes, *, verify_at: str) -> bytes:
    """The PDF. The same receipt gives the same bytes: it carries no date of its own making."""
    told = {**vars(words), "verify_at": verify_at}
    inputs = {"told": json.dumps(told), "file": file.decode(), "code": _code(verify_at)}
    return paper.printed(_SHEET, inputs)


def _code(address: str) -> str:
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=4)
    return out.getvalue().decode()
