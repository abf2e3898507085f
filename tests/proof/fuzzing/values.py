"""In this process: identity codes, the log's canonical bytes, dates, and values of department systems as shown."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import rfc8785
from hypothesis import strategies as st
from stdnum.fi import hetu

from datasources.enums import FieldType
from datasources.protocol import holding
from datasources.rules.showing import FieldSpec, records_of
from portal.i18n.dates import moment_text
from portal.keys.indexes import NotAnIdentityCode, blind_index, index_as_written, normal_identity_code
from portal.ledger.entries import canonical
from tests.proof.fuzzing.driving import drive
from tests.residents import CODES

_LANGUAGES = ("fi", "sv", "en")
_FORMS = ("", "euros", "date", "moment", "no such form")
_EXAMPLES = 600
_LARGEST_WHOLE = 2**53 - 1
# What is nearly an identity code: digits of every script, old and new signs, other lengths.
_ALIKE = st.from_regex(r"\s?\d{5,7}[-+A-FU-Ya-y]?[0-9\d]{2,4}\w?\s?", fullmatch=True)
_OTHER_DIGITS = {ord("0") + digit: 0x660 + digit for digit in range(10)}
_KNOWN = st.builds(
    lambda code, pad, change: pad + change(code) + pad,
    st.sampled_from(sorted(CODES.values())),
    st.sampled_from(["", " ", "\t", "\N{NO-BREAK SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\0"]),
    st.sampled_from([str, str.lower, lambda code: code[0] + code[1].translate(_OTHER_DIGITS) + code[2:]]),
)
_ANY_TEXT = st.text(st.characters(codec=None))
_NAMES = st.text(st.characters(max_codepoint=127), max_size=12)
_TEXT = st.text(st.characters(codec="utf-8"))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-_LARGEST_WHOLE, _LARGEST_WHOLE) | _TEXT,
    lambda parts: st.lists(parts, max_size=5) | st.dictionaries(_NAMES, parts, max_size=5),
    max_leaves=30,
)
# What database drivers give, and what JSON and CSV bring.
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(10**400), 10**400), st.floats(), st.decimals(), _TEXT,
    st.dates(), st.datetimes(), st.datetimes(timezones=st.timezones()), st.times(), st.timedeltas(), st.uuids(),
    st.binary(), st.from_regex(r"-?\d{1,4}([,.e]\d{1,4})? ?", fullmatch=True),
    st.from_regex(r"\d{1,4}[-.]\d{1,2}[-.]\d{1,4}([T ]\d{2}[.:]\d{2}([+-]\d{2}:\d{2})?)?", fullmatch=True),
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS, lambda parts: st.lists(parts, max_size=3) | st.dictionaries(_TEXT, parts, max_size=3), max_leaves=5
)


def hold(*, number: int) -> int:
    """How many examples there were."""
    column = st.tuples(st.lists(_VALUES, min_size=1, max_size=4), st.sampled_from(FieldType), st.sampled_from(_FORMS))
    in_time = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones())  # noqa: DTZ001
    parts: list[tuple[str, st.SearchStrategy[Any], Callable[[Any], Any]]] = [
        ("identity codes", _ANY_TEXT | _ALIKE | _KNOWN, _code),
        ("canonical bytes of the log", st.dictionaries(_NAMES, _JSON, max_size=6), _canonical),
        ("dates in words", st.tuples(in_time, st.sampled_from(_LANGUAGES)), lambda drawn: moment_text(*drawn)),
        ("values of a department, shown", st.tuples(column, st.sampled_from(_LANGUAGES)), _shown),
    ]
    return sum(drive(name, examples, held, count=_EXAMPLES, number=number) for name, examples, held in parts)


def _code(text: str) -> None:
    as_written = index_as_written(text)
    try:
        normal = normal_identity_code(text)
    except NotAnIdentityCode:
        return
    assert normal.isascii(), "digits of another script are no identity code"
    assert hetu.is_valid(normal, allow_temporary=True)
    assert normal_identity_code(normal) == normal
    assert as_written == blind_index(text), "one code, two ways to find its person"


def _canonical(value: dict[str, Any]) -> None:
    told = canonical(value)
    assert told == rfc8785.dumps(value)
    assert json.loads(told) == value


def _shown(drawn: tuple[tuple[list[Any], FieldType, str], str]) -> None:
    (values, kind, form), language = drawn
    made = holding("a code", ["it"], [(value,) for value in values])
    spec = FieldSpec("it", "It", kind, codes={"1": "one"})
    mapping = {"columns": {"it": "it"}, "formats": {"it": form} if form else {}}
    records = records_of(made.body, mapping, [spec], language=language)
    assert len(records) == len(values) == made.row_count
    assert all(isinstance(each.text, str) for record in records for each in record.values)
