"""A file that cannot be used is told of in a sentence without anybody's data, and the last good sheets stay."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.actions.pulls import pull_source
from datasources.connectors.files.reading import rows_of
from datasources.connectors.files.shape import shape_of
from datasources.errors import SourceFault
from datasources.models import Dataset, Pull, PullKind, PullState, Sheet, Source
from portal.walls import Role, scope
from tests.datasources.bad_files import BAD, CODE, ROW, SECRET, Bad
from tests.datasources.conftest import BY, NIGHT, arrive, source
from tests.datasources.dropping import (
    FORMATS,
    HEADER,
    PARTS,
    SHEET,
    drop,
    mapping_of,
    opened,
    packed,
    read,
    sheet,
    written,
)
from tests.datasources.file_server import FileServer, file_server
from tests.datasources.misbehaving import Canary
from tests.datasources.misbehaving import served as called
from tests.examples import examples

ONLY_KNOWN_BEFORE = {"only a header"}
# In a folder they are read in `make test`; by a file server, the same bytes come in more slowly.
LARGE = {"a field of 100 megabytes", "100 megabytes in an element", "a bomb", "larger than the source may send"}


def of_a_server(bad: Bad) -> Any:
    """The large ones are for the proof."""
    return pytest.param(bad, id=bad.name, marks=[pytest.mark.proof] if bad.name in LARGE else [])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileServer]:
    with file_server(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.mark.parametrize("bad", [of_a_server(bad) for bad in BAD if bad.name not in ONLY_KNOWN_BEFORE])
def test_a_bad_file_of_a_file_server_is_a_sentence(served: FileServer, bad: Bad) -> None:
    mapping = mapping_of(bad.form, **bad.mapping)
    (served.folder / mapping["file"]).write_bytes(bad.content())
    with pytest.raises(SourceFault) as told:
        read(opened(served.settings, {"visits": mapping}))
    (served.folder / mapping["file"]).unlink()
    assert str(told.value) == bad.sentence
    assert [word for word in (CODE, SECRET) if word in str(told.value)] == []


@pytest.fixture
def dropped(catalogue: None, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The drop folder that the sports services are read from."""
    request.getfixturevalue("settings").SOURCES_DROP_FOLDERS = tmp_path
    (tmp_path / "sports").mkdir()
    return tmp_path / "sports"


def pull(form: str, **mapping: Any) -> Pull:
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="sports").update(
            settings={"via": "folder", "folder": "sports"},
            mapping={"sports-visits": mapping_of(form, **mapping)},
        )
    return pull_source(source("sports").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)


def held() -> list[tuple[str, bytes]]:
    with scope(Role.WORKER):
        assert Dataset.objects.filter(slug="sports-visits", retired_at=None).exists()
        return [(slug, bytes(digest)) for slug, digest in Sheet.objects.values_list("dataset__slug", "digest")]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_of_a_folder_keeps_the_last_good_sheets(dropped: Path, bad: Bad) -> None:
    arrive("raili")
    file = dropped / f"visits.{bad.form}"
    file.write_bytes(written(bad.form, [ROW]))
    assert pull(bad.form).error == ""
    before = held()
    file.write_bytes(bad.content())
    done = pull(bad.form, **bad.mapping)
    assert (done.state, done.error) == (PullState.FAILED, f"sports-visits: {bad.sentence}")
    assert (len(before), held()) == (1, before)


@pytest.mark.security("V1.5.1")
@pytest.mark.parametrize(
    "declared", ['v SYSTEM "{}"', 'v [<!ENTITY x SYSTEM "{}">]', 'v [<!ENTITY % x SYSTEM "{}"> %x;]']
)
def test_xml_calls_nobody(tmp_path: Path, declared: str) -> None:
    with called(Canary()) as canary:
        address = f"http://127.0.0.1:{canary.port}/v.dtd"
        with pytest.raises(SourceFault, match="document type"):
            drop(tmp_path, f"<!DOCTYPE {declared.format(address)}><v><visit>&x;</visit></v>".encode(), "xml")
        assert canary.seen == []


def test_a_file_that_may_be_empty_removes_everybody(dropped: Path) -> None:
    arrive("raili")
    for rows in ([ROW], []):
        (dropped / "visits.csv").write_bytes(written("csv", rows))
        done = pull("csv", may_be_empty=True)
    assert (done.state, done.removed, held()) == (PullState.DONE, 1, [])


def test_a_file_that_holds_nobody_yet_is_no_fault(dropped: Path) -> None:
    (dropped / "visits.csv").write_bytes(written("csv", []))
    assert pull("csv").state == PullState.DONE


@st.composite
def spoilt(draw: st.DrawFn, form: str) -> bytes:
    """A good file with a few bytes changed, lost, doubled or put in; of a workbook, inside its parts as well."""
    content = written(form, [ROW, ("A", "", "2,5")])
    if form == "xlsx" and draw(st.booleans()):
        parts = PARTS | {SHEET: sheet([HEADER, ROW])}
        part = draw(st.sampled_from(sorted(parts)))
        return packed(parts | {part: draw(_spoilt(parts[part].encode()))})
    return draw(_spoilt(content))


@st.composite
def _spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(start + 20, len(content))))
        twice = content[start:end] * 2
        put_in = draw(st.binary(max_size=4) | st.sampled_from([b'"', b"<", b"{", b"&", b";", b"]]>", twice]))
        content = content[:start] + put_in + content[end:]
    return content


@pytest.mark.parametrize("form", FORMATS)
@given(data=st.data())
@settings(max_examples=examples(150), deadline=None)
def test_a_spoilt_file_is_rows_or_a_sentence(form: str, data: st.DataObject) -> None:
    content, said, rows = data.draw(spoilt(form)), "", []
    try:
        rows = list(rows_of(io.BytesIO(content), shape_of("visits", mapping_of(form))))
    except SourceFault as fault:
        said = str(fault)
    assert SECRET not in said
    assert all(len(row.values) == 2 for row in rows)
