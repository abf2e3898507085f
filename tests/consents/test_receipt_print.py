"""The printed receipt is tagged as PDF/UA-1 asks (ISO 14289-1, the clauses named): what a machine can see of it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

from consents.receipts.pdf import Words, printed

WORDS = Words(
    language="sv",
    title="Kvitto: påminnelse om kursen",
    said="Du gav det här samtycket.",
    at="den 30 november 2026 kl. 8.34",
    lines=[("Till vem", "Idrottstjänster"), ("Nummer", "26d8fd12")],
    data_title="Vilka uppgifter",
    data=[("Kurser", [("Samtycket gäller", "Kurs, Datum")])],
    events_title="Vad som har hänt",
    events=[("den 30 november 2026", "Du fick frågan."), ("den 30 november 2026", "Du gav samtycket.")],
    check_title="Är kvittot äkta?",
    check="Vem som helst kan kontrollera det på den här adressen.",
    code_says="En kod som leder till adressen",
    file_says="Kvittots signerade fil",
)
FILE = b'{"receipt":{},"signature":"a..b"}'


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(printed(WORDS, FILE, verify_at="https://portal.example/verify/")))


def root_of(pdf: PdfReader) -> Any:
    """The catalogue of the file, to be read as nested dictionaries."""
    return pdf.trailer["/Root"].get_object()


def elements(node: Any) -> Iterator[Any]:
    """The structure tree in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_it_says_that_it_is_tagged_in_which_language_and_what_it_is_called(pdf: PdfReader) -> None:
    root = root_of(pdf)
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "sv")
    # 7.1: a title, which is what the window shows; 5: the document names the standard it follows.
    assert pdf.metadata is not None
    assert pdf.metadata.title == WORDS.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - the file's own kind of true
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert ("pdfuaid:part" in xmp, WORDS.title in xmp) == (True, True)


def test_headings_come_in_order_and_what_is_drawn_has_words(pdf: PdfReader) -> None:
    kinds = [str(each["/S"]) for each in elements(root_of(pdf)["/StructTreeRoot"]["/K"])]
    headings = [int(kind[2]) for kind in kinds if kind in {"/H1", "/H2", "/H3"}]
    # 7.4: the first is of the first level, and none is left out on the way down.
    assert headings == [1, 2, 3, 2, 2]
    figures = [each for each in elements(root_of(pdf)["/StructTreeRoot"]["/K"]) if each["/S"] == "/Figure"]
    assert [str(each["/Alt"]) for each in figures] == [WORDS.code_says]
    assert ("/Link" in kinds, "/L" in kinds) == (True, True)


def marks(page: PageObject, pdf: PdfReader) -> Iterator[tuple[str, list[str]]]:
    """(operator, the marks that it stands in) of everything that a page shows."""
    open_marks: list[str] = []
    content = page.get_contents()
    assert isinstance(content, ContentStream)
    for operands, operator in content.operations:
        name = operator.decode()
        if name in {"BDC", "BMC"}:
            open_marks.append(str(operands[0]))
        elif name == "EMC":
            open_marks.pop()
        elif name in {"Tj", "TJ", "Do", "f", "S"}:
            yield name, list(open_marks)


def test_everything_that_is_shown_is_part_of_the_tree_or_an_ornament(pdf: PdfReader) -> None:
    shown = [mark for page in pdf.pages for mark in marks(page, pdf)]
    assert len(shown) > 20
    # 7.1: real content is tagged; what is not, as the number of the page, is marked as an artifact.
    assert [name for name, within in shown if not within] == []
    # 7.18.3: whoever goes by the keyboard goes in the order of the tree.
    assert [str(page["/Tabs"]) for page in pdf.pages] == ["/S"] * len(pdf.pages)


def test_the_signed_file_comes_along_and_says_what_it_is(pdf: PdfReader) -> None:
    assert pdf.attachments == {"receipt.json": [FILE]}
    _, attached = root_of(pdf)["/Names"]["/EmbeddedFiles"]["/Names"]
    assert str(attached.get_object()["/Desc"]) == WORDS.file_says
