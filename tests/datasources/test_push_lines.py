"""Lines that cannot be taken are told by number and without their values; a stream is taken apart line by line."""

import json
from collections.abc import Iterator

import pytest

from datasources.connectors.push.lines import LONGEST, lines_of
from tests.datasources.conftest import CODES, arrive
from tests.datasources.pushing import LOAN, counted, let_it_send, loan, push, texts


@pytest.fixture
def library_sends(catalogue: None) -> None:
    let_it_send()


BAD = [
    (b"[]", "wrong_type"),
    (b"{", "not_json"),
    (b'{"identity_code": "\xff"}', "not_utf8"),
    (json.dumps(loan("mikael", shoe_size=42)).encode(), "unknown_field"),
    (json.dumps(loan("mikael") | {"131052-308T": 1}).encode(), "unknown_field"),
    (json.dumps(loan("mikael") | {"subject": "kL3vQ0b8nA1xYc5Rr2eWtg"}).encode(), "person"),
    (json.dumps(loan("no code")).encode(), "person"),
    (json.dumps(loan("mikael", lent_on="soon")).encode(), "wrong_type"),
    (json.dumps(loan("mikael", lent_on=["2026-11-01"])).encode(), "wrong_type"),
    (json.dumps(loan("mikael", title={"fi": "Kirja"})).encode(), "wrong_type"),
    (json.dumps(loan("mikael", title="\0")).encode(), "nul"),
    (json.dumps(loan("mikael")).encode().replace(b'"Kirja"', b"[" * 200_000), "wrong_type"),
    (json.dumps(loan("mikael")).encode().replace(b"branch", b"title"), "name_twice"),
    (json.dumps(loan("mikael", hours=24.02)).encode(), "in_future"),
    (json.dumps(loan("mikael") | {"observed_at": "2026-11-01"}).encode(), "wrong_type"),
    (json.dumps(loan("mikael") | {"observed_at": "2026-11-01T00:00:00"}).encode(), "wrong_type"),
    (json.dumps(loan("mikael") | {"key": ""}).encode(), "wrong_type"),
    (json.dumps(loan("mikael") | {"deleted": True}).encode(), "deleted"),
    (json.dumps({"identity_code": CODES["mikael"], "key": "1", "record": LOAN}).encode(), "lacks"),
    (json.dumps(loan("mikael") | {"record": {"title": "Kirja"}}).encode(), "lacks"),
]


@pytest.mark.usefixtures("library_sends")
@pytest.mark.parametrize(("line", "code"), BAD, ids=[f"{number} {code}" for number, (_, code) in enumerate(BAD)])
def test_a_bad_line_is_told_without_its_values_and_the_good_ones_stand(line: bytes, code: str) -> None:
    mikael = arrive("mikael")
    done = push(loan("mikael", "1"), line, b"", loan("mikael", "2"))
    assert [(each.line, each.code) for each in done.flawed] == [(2, code)]
    assert counted(done) == {"received": 3, "stored": 2, "rejected": 1}
    assert texts(mikael) == ["Kirja", "Kirja"]
    told = done.flawed[0].sentence
    assert not [value for value in (CODES["mikael"], "131052-308T", "Kirja", "soon", "no code") if value in told]


@pytest.mark.usefixtures("library_sends")
def test_a_clock_may_be_a_minute_ahead() -> None:
    arrive("mikael")
    assert counted(push(loan("mikael", hours=24.016))) == {"received": 1, "stored": 1}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_are_the_same_however_the_blocks_fall(size: int) -> None:
    whole = b"one\r\n\ntwo\nlast"
    blocks = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert list(lines_of(blocks)) == [b"one\r", b"", b"two", b"last"]


def test_of_a_line_that_is_too_long_nothing_is_held_and_the_next_is_read() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"before\n"
        for _ in range(1600):
            yield b"x" * 65536  # 100 MiB
        yield b"\nafter\n"

    assert list(lines_of(blocks())) == [b"before", None, b"after"]


@pytest.mark.parametrize(("length", "held"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_line_of_a_mebibyte_is_taken(length: int, *, held: bool) -> None:
    line = b"x" * length
    for blocks in ([line], [line, b"\n"], [line + b"\nnext"], [b"a\n" + line + b"\nb"]):
        assert (line in list(lines_of(blocks))) is held
