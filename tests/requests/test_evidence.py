"""What may be sent along: told by content, with nothing in it that runs; and the scanner that must have answered."""

import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.requests.evidence import MOST_BYTES, EvidenceKind, Flaw, NotEvidence, kind_of
from portal.requests.scanning import scan


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(wide: int = 1, high: int = 1, *, tail: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"") + tail


def jpeg(wide: int = 8, high: int = 8) -> bytes:
    frame = struct.pack(">BHHB", 8, high, wide, 1) + b"\x01\x11\x00"
    scan_head = b"\x01\x01\x00\x00\x3f\x00"
    parts = [b"\xff\xc0", struct.pack(">H", len(frame) + 2), frame, b"\xff\xda", struct.pack(">H", 8), scan_head]
    return b"\xff\xd8" + b"".join(parts) + b"\x12\x34" + b"\xff\xd9"


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /OpenAction [2 0 R /Fit] >>\nendobj\n" + body + b"\n%%EOF\n"


def packed(told: bytes, *, head: bytes = b"/Filter /FlateDecode", body: bytes | None = None) -> bytes:
    """Objects within a stream of objects."""
    stream = zlib.compress(told) if body is None else body
    return b"5 0 obj\n<< /Type /ObjStm /N 1 " + head + b" >>\nstream\n" + stream + b"\nendstream\nendobj"


PNG = png()
SCRIPT = b"<< /S /JavaScript /JS (app.alert) >>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, EvidenceKind.PNG),
        (jpeg(), EvidenceKind.JPEG),
        (pdf(), EvidenceKind.PDF),
        (pdf(packed(b"<< /Type /Page >>")), EvidenceKind.PDF),
        (pdf(b"9 0 obj << /Subtype /Image /Filter /DCTDecode >> stream\n" + jpeg() + b"\nendstream"), EvidenceKind.PDF),
    ],
)
def test_what_shows_something_is_taken(content: bytes, kind: EvidenceKind) -> None:
    assert kind_of(content) is kind


@pytest.mark.security("V5.2.2")
@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (PNG.ljust(MOST_BYTES + 1, b"\0"), Flaw.TOO_BIG),
        (b"<svg onload=alert(1)>", Flaw.UNKNOWN),
        (b"GIF89a", Flaw.UNKNOWN),
        (b"PK\x03\x04", Flaw.UNKNOWN),
        (png(tail=b"<script>"), Flaw.BROKEN),
        (PNG[:-4] + b"\0\0\0\0", Flaw.BROKEN),
        (PNG[:30], Flaw.BROKEN),
        (png(60_000, 60_000), Flaw.TOO_BIG),
        (jpeg(65_000, 65_000), Flaw.TOO_BIG),
        (jpeg()[:20], Flaw.BROKEN),
        (b"\xff\xd8\xff\xe0", Flaw.BROKEN),
        (b"%PDF-1.7\n", Flaw.BROKEN),
        (pdf(b"3 0 obj " + SCRIPT), Flaw.RUNS),
        (pdf(b"3 0 obj << /S /Java#53cript >>"), Flaw.RUNS),
        (pdf(b"3 0 obj << /S /Launch /F (a.exe) >>"), Flaw.RUNS),
        (pdf(b"3 0 obj << /EmbeddedFiles 4 0 R >>"), Flaw.RUNS),
        (pdf(packed(SCRIPT)), Flaw.RUNS),
        # Behind a comment that only looks like a stream.
        (pdf(b"% stream\n" + zlib.compress(b"x") + packed(SCRIPT)), Flaw.RUNS),
        (pdf(b"% stream\n3 0 obj " + SCRIPT + b" endstream"), Flaw.RUNS),
        (pdf(packed(SCRIPT, head=b"/Filter /ASCII85Decode", body=b"abc")), Flaw.LOCKED),
        (pdf(packed(SCRIPT, head=b"/Filter [/ASCIIHexDecode /FlateDecode]", body=b"abc")), Flaw.LOCKED),
        (pdf(packed(SCRIPT, head=b"/Filter 7 0 R", body=b"abc")), Flaw.LOCKED),
        (pdf(packed(SCRIPT, head=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")), Flaw.LOCKED),
        (pdf(b"trailer << /Encrypt 6 0 R >>"), Flaw.LOCKED),
        (pdf(packed(b"\0" * (80 << 20))), Flaw.TOO_BIG),
        # Many beginnings within one another would be looked through for hours.
        (pdf(b"stream\n" * 500_000), Flaw.LOCKED),
    ],
)
def test_what_runs_hides_or_is_broken_is_not_taken(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(NotEvidence) as found:
        kind_of(content)
    assert found.value.flaw is flaw


class Clamd(threading.Thread):
    """A small clamd: reads one stream by its protocol and gives the answer it was told; without any it hangs up."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.answer, self.heard = answer, b""
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listening.getsockname()[1]}"

    def run(self) -> None:
        caller, _ = self.listening.accept()
        with caller, caller.makefile("rb") as told:
            assert told.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", told.read(4))[0]:
                self.heard += told.read(length)
            caller.sendall(self.answer)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Callable[[bytes], Clamd]]:
    running: list[Clamd] = []

    def start(answer: bytes) -> Clamd:
        running.append(Clamd(answer))
        settings.MALWARE_SCANNER = running[-1].address
        return running[-1]

    yield start
    for each in running:
        each.listening.close()


def test_the_scanner_is_given_the_whole_file_and_believed_when_it_is_clean(clamd: Callable[[bytes], Clamd]) -> None:
    scanner, content = clamd(b"stream: OK\0"), bytes(range(256)) * 1000
    scan(content)
    scanner.join(5)
    assert scanner.heard == content


@pytest.mark.security("V5.4.3")
@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        (b"stream: Eicar-Signature FOUND\0", Flaw.INFECTED),
        (b"INSTREAM size limit exceeded. ERROR\0", Flaw.NOT_SCANNED),
        (b"", Flaw.NOT_SCANNED),
    ],
)
def test_what_is_infected_or_was_not_scanned_is_not_taken(
    answer: bytes, flaw: Flaw, clamd: Callable[[bytes], Clamd]
) -> None:
    clamd(answer)
    with pytest.raises(NotEvidence) as found:
        scan(PNG)
    assert found.value.flaw is flaw


@pytest.mark.security("V5.4.3")
def test_a_scanner_that_is_set_and_silent_takes_nothing(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.MALWARE_SCANNER = f"127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(NotEvidence):
        scan(PNG)
