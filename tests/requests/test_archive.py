"""What packs a package: the quick compressor is at work, and any program reads what it writes."""

from io import BytesIO
from zipfile import ZipFile
from zlib import MAX_WBITS

from isal import isal_zlib

from portal.requests.package.archive import Archive

TEXT = b"".join(b'{"visit":"%d","pool":"Leppavaara"},' % number for number in range(20_000))


def test_what_is_packed_by_the_quick_compressor_is_read_by_the_standard_library() -> None:
    kept = BytesIO()
    archive = Archive(kept)  # type: ignore[arg-type]
    archive.add("data/visits.json", [TEXT[:100_000], TEXT[100_000:], b""])
    archive._zip.close()

    compressor = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -MAX_WBITS)
    deflated = compressor.compress(TEXT[:100_000]) + compressor.compress(TEXT[100_000:]) + compressor.flush()

    with ZipFile(BytesIO(kept.getvalue())) as told:
        assert told.testzip() is None
        assert told.read("data/visits.json") == TEXT
    # ZipFile took it: were its inner name another one day, zlib would pack, and say nothing.
    assert deflated in kept.getvalue()
