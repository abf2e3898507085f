"""A trial looks at a little of a long list, and does not read it to its end."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from datasources.connectors.files.connector import FilesConnector
from datasources.errors import Garbled
from tests.datasources.dropping import HEADER, MAIN, SHEET, mapping_of, opened, packed, written
from tests.datasources.file_server import file_server
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import WebInterface, connector
from tests.datasources.xroad_service import AUTHORITY, SecurityServer
from tests.datasources.xroad_service import connector as xroad

# Numbers that do not pack well: a workbook of them is longer than what is read ahead.
MANY = [(f"P{n:05}", "Halli", str(n * 2654435761 % 10**9)) for n in range(100_000)]


@pytest.mark.parametrize("people", [1, 5])
def test_a_web_interface_is_asked_for_a_page_or_few(people: int) -> None:
    with served(WebInterface(auth="none", most=10)) as running:
        running.items = [{"code": f"P{n // 3}", "title": str(n)} for n in range(10_000)]
        with closing(connector(running, auth="none", secrets={}, page_size=10)) as open_one:
            assert len(list(open_one.look("books", people=people))) == people
        assert len(running.seen) <= 2


@pytest.mark.parametrize("people", [1, 5])
def test_a_service_behind_x_road_is_asked_for_a_page_or_few(people: int) -> None:
    with served(SecurityServer(AUTHORITY.pair("127.0.0.1"), AUTHORITY.certificate)) as running:
        running.items = [{"code": f"P{n // 3}", "course": str(n)} for n in range(10_000)]
        with closing(xroad(running, page_size=10)) as open_one:
            assert len(list(open_one.look("courses", people=people))) == people
        assert len(running.seen) <= 2


def counting(drop: FilesConnector) -> list[int]:
    """How many bytes each answer of the file server had, from here on."""
    sizes: list[int] = []
    fetch, part = drop._drop.read, drop._drop.read_part

    def read(name: str, write: Callable[[bytes], None]) -> None:
        def counted(block: bytes) -> None:
            sizes.append(len(block))
            write(block)

        fetch(name, counted)

    def read_part(name: str, offset: int, size: int) -> bytes:
        block = part(name, offset, size)
        sizes.append(len(block))
        return block

    drop._drop.read, drop._drop.read_part = read, read_part  # type: ignore[method-assign]
    return sizes


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "json", "xml"])
def test_of_a_long_file_the_beginning_is_fetched(form: str, tmp_path: Path) -> None:
    (tmp_path / f"visits.{form}").write_bytes(written(form, MANY))
    with file_server(tmp_path) as server:
        drop = opened(server.settings, {"visits": mapping_of(form)})
        sizes = counting(drop)
        with closing(drop):
            assert [held.key for held in drop.look("visits", people=5)] == [f"P{n:05}" for n in range(5)]
        assert 0 < sum(sizes) <= 1 << 20
        assert sum(sizes) < (tmp_path / f"visits.{form}").stat().st_size


def test_a_workbook_of_shared_texts_is_looked_into(tmp_path: Path) -> None:
    texts = [*HEADER, *(f"P{n:05}" for n in range(30_000))]
    shared = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"
    cells = ["".join(f'<c t="s"><v>{n}</v></c>' for n in range(3))]
    cells += [f'<c t="s"><v>{n + 3}</v></c><c t="s"><v>{n + 3}</v></c><c><v>{n}</v></c>' for n in range(30_000)]
    rows = "".join(f"<row>{row}</row>" for row in cells)
    book = {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": shared,
    }
    (tmp_path / "visits.xlsx").write_bytes(packed(book))
    with closing(opened({"via": "folder"}, {"visits": mapping_of("xlsx")}, root=tmp_path)) as drop:
        assert [held.key for held in drop.look("visits", people=3)] == ["P00000", "P00001", "P00002"]


def test_a_long_head_before_a_list_is_read_over_and_a_longer_one_is_a_sentence(tmp_path: Path) -> None:
    for size, name in ((3 << 20, "a.json"), (20 << 20, "b.json")):
        rows = [{"henkilotunnus": f"P{1 + number // 2}", "paikka": "h", "maara": "1"} for number in range(100_000)]
        (tmp_path / name).write_text(json.dumps({"about": "x" * size, "data": rows}))
    mapping = {name: mapping_of("json", file=f"{name}.json", rows="data") for name in ("a", "b")}
    with closing(opened({"via": "folder"}, mapping, root=tmp_path)) as drop:
        assert [held.key for held in drop.look("a", people=1)] == ["P1"]
        with pytest.raises(Garbled, match=r"The beginning of b\.json holds no whole row\."):
            list(drop.look("b", people=1))


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "json", "xml"])
def test_a_short_file_is_looked_at_to_its_end(form: str, tmp_path: Path) -> None:
    (tmp_path / f"visits.{form}").write_bytes(written(form, MANY[:3]))
    with closing(opened({"via": "folder"}, {"visits": mapping_of(form)}, root=tmp_path)) as drop:
        assert len(list(drop.look("visits", people=5))) == 3
