"""Whatever comes, in whatever order and in however many pushes, ends as a small model of one sheet says."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasources.connectors.push.records import Reader
from datasources.connectors.push.shape import Shape
from datasources.models import Sheet
from datasources.rules.records import Records, Verdict
from portal.walls import Role, scope
from tests.datasources.conftest import NIGHT, arrive
from tests.datasources.pushing import gone, let_it_send, loan, push, texts
from tests.examples import examples

MOST = 3
Op = tuple[str, int | None, str | None]

# (key, hour or none, title or a deletion)
_PUT = st.tuples(st.sampled_from("abcd"), st.integers(0, 6), st.sampled_from(["Kirja", "Lehti", "Peli"]))
_DROP = st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 6), st.none())
_OPS = st.lists(_PUT | _DROP, max_size=14)
# Where one transaction ends and the next begins.
_CUTS = st.sets(st.integers(0, 14))


class Model:
    """A dictionary of what is held, and one of what was deleted."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[int, str]] = {}
        self.deleted: dict[str, int] = {}

    def put(self, key: str, at: int, title: str) -> str:
        known = self.held.get(key)
        newest = known[0] if known else self.deleted.get(key, -1) + 1
        if at < newest:
            return "unchanged"
        if not known and len(self.held) >= MOST:
            return "full"
        self.deleted.pop(key, None)
        self.held[key] = (at, title)
        return "unchanged" if known and known[1] == title else "stored"

    def drop(self, key: str, at: int | None) -> str:
        known = self.held.get(key)
        if known and (at is None or at >= known[0]):
            del self.held[key]
            self.deleted[key] = known[0] if at is None else at
            if not self.held:
                self.deleted = {}
            return "deleted"
        if not known and at is not None and self.held:
            self.deleted[key] = max(at, self.deleted.get(key, at))
        return "unchanged"


def _told(op: Op) -> dict[str, Any]:
    key, hour, title = op
    if title is None:
        when = {} if hour is None else {"observed_at": (NIGHT - timedelta(hours=24 - hour)).isoformat()}
        return gone("mikael", key, **when)
    return loan("mikael", key, hours=hour or 0, title=title)


def _pieces(ops: Sequence[Op], cuts: set[int]) -> list[list[Op]]:
    places = [0, *sorted(cut for cut in cuts if 0 < cut < len(ops)), len(ops)]
    return [list(ops[start:end]) for start, end in pairwise(places) if start < end]


@settings(max_examples=examples(400), deadline=None)
@given(ops=_OPS, cuts=_CUTS)
def test_a_sheet_is_what_the_model_says_wherever_it_is_closed_and_opened_between(ops: list[Op], cuts: set[int]) -> None:
    shape = Shape(columns={name: name for name in ("title", "branch", "lent_on")})
    reader = Reader(shape, dict.fromkeys(shape.selected, bool))
    model, body = Model(), None
    now = int(NIGHT.timestamp() * 1_000_000)
    for piece in _pieces(ops, cuts):
        records = Records(body, shape.selected, most=MOST)
        for op in piece:
            told = reader.told(json.dumps(_told(op)).encode(), at=NIGHT)
            if told.row is None or told.at is None:
                verdict, wanted = records.drop(told.key, told.at), model.drop(op[0], op[1])
            else:
                verdict, wanted = records.put(told.key, told.at, told.row), model.put(op[0], op[1] or 0, str(op[2]))
            assert verdict is Verdict(wanted), op
        body = records.body(now=now) if records else None
    held = _titles(body) if body else {}
    assert held == {key: title for key, (_, title) in model.held.items()}


def _titles(body: bytes) -> dict[str, str]:
    opened = msgspec.json.decode(body)
    return dict(zip(opened["marks"]["keys"], opened["values"][opened["columns"].index("title")], strict=True))


@settings(max_examples=examples(400), deadline=None)
@given(ops=st.lists(_PUT, max_size=8, unique_by=lambda op: (op[0], op[1])), order=st.randoms())
def test_observations_of_different_times_end_in_the_same_bytes_in_any_order(ops: list[Op], order: Any) -> None:
    shuffled = [op for op in ops if op[0] in "abc"]
    straight = list(shuffled)
    order.shuffle(shuffled)
    assert _body(shuffled) == _body(straight)


def _body(ops: Sequence[Op]) -> bytes:
    records = Records(None, ["title"], most=MOST)
    for key, hour, title in ops:
        records.put(key, hour or 0, (msgspec.Raw(msgspec.json.encode(title)),))
    return records.body(now=0)


@pytest.mark.usefixtures("catalogue")
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ops=_OPS, cuts=_CUTS)
def test_pushes_end_in_the_sheet_that_the_model_says(ops: list[Op], cuts: set[int]) -> None:
    let_it_send(most=MOST)
    mikael, model = arrive("mikael"), Model()
    with scope(Role.WORKER):
        Sheet.objects.all().delete()
    for piece in _pieces(ops, cuts):
        wanted = [
            model.drop(key, hour) if title is None else model.put(key, hour or 0, title) for key, hour, title in piece
        ]
        done = push(*map(_told, piece), at_once=2)
        assert (done.counts.stored, done.counts.deleted) == (wanted.count("stored"), wanted.count("deleted"))
    assert texts(mikael) == sorted(title for _, title in model.held.values())
