"""A trial looks at a little of a long list, and does not read it to its end."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.datasources.dropping import mapping_of, opened, written
from tests.datasources.file_server import file_server
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import WebInterface, connector

MANY = [(f"P{n:05}", "Halli", str(n)) for n in range(100_000)]


@pytest.mark.parametrize("people", [1, 5])
def test_a_web_interface_is_asked_for_a_page_or_few(people: int) -> None:
    with served(WebInterface(auth="none", most=10)) as running:
        running.items = [{"code": f"P{n // 3}", "title": str(n)} for n in range(10_000)]
        with closing(connector(running, auth="none", secrets={}, page_size=10)) as open_one:
            assert len(list(open_one.look("books", people=people))) == people
        assert len(running.seen) <= 2


@pytest.mark.parametrize("form", ["csv", "tsv", "xml"])
def test_of_a_long_file_the_beginning_is_fetched(form: str, tmp_path: Path) -> None:
    (tmp_path / f"visits.{form}").write_bytes(written(form, MANY))
    with file_server(tmp_path) as server:
        drop = opened(server.settings, {"visits": mapping_of(form)})
        read = 0
        fetch = drop._drop.read

        def counted(name: str, write: object) -> None:
            def counting(block: bytes) -> None:
                nonlocal read
                read += len(block)
                write(block)  # type: ignore[operator]

            fetch(name, counting)

        drop._drop.read = counted  # type: ignore[method-assign]
        with closing(drop):
            assert [held.key for held in drop.look("visits", people=5)] == [f"P{n:05}" for n in range(5)]
        assert 0 < read <= 1 << 20 < (tmp_path / f"visits.{form}").stat().st_size


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "json", "xml"])
def test_a_short_file_is_looked_at_to_its_end(form: str, tmp_path: Path) -> None:
    (tmp_path / f"visits.{form}").write_bytes(written(form, MANY[:3]))
    with closing(opened({"via": "folder"}, {"visits": mapping_of(form)}, root=tmp_path)) as drop:
        assert len(list(drop.look("visits", people=5))) == 3
