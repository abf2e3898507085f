"""From the bytes of a CSV or Parquet file to counts, batch by batch: no row of it is kept.

Every value is looked at. What looks like a Finnish identity code stops the reading wherever it stands; so does a
formula, an empty cell, a group that the plan does not name, and a column that it does not ask for.
"""

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.fairness.plans import MOST_GROUPS, Plan
from consents.algorithms.fairness.tables import batches_of

# Equal parts of the scores from 0 to 1, which are put together until each holds enough people.
BINS = 10
# (661/2009 11 §; 128/2023): six digits, a sign of the century, three digits, a check; also within a longer text.
_CODE = r"(^|[^0-9])[0-3][0-9][01][0-9]{3}[-+ABCDEFUVWXYabcdefuvwxy][0-9]{3}[0-9A-Ya-y]($|[^0-9A-Za-z])"
_IS_CODE = re.compile(_CODE)
_FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9.])")
_YES_OR_NO = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1}
_PLAIN = re.compile(r"[\w .()/-]{1,60}")
# Beyond this many different values in one batch a column tells no group.
_MANY = 1_000


def cells_of(content: bytes | memoryview, plan: Plan) -> pa.Table:
    """{each group column, "outcome", "truth", "bin", "n", "score"}: how many are alike, and the sum of their scores.

    Refused tells what is wrong, the first of it.
    """
    kept: list[pa.Table] = []
    rows = 0
    for batch in batches_of(content):
        if not rows:
            _hold_codes(batch, batch.column_names)
            _hold_columns(batch.column_names, plan)
        kept.append(_counted(_coded(batch, plan, rows), plan))
        rows += len(batch)
        if len(kept) > 1 and sum(len(each) for each in kept[1:]) > len(kept[0]):
            kept = [_together(kept, plan)]
    if not rows:
        raise Refused(Flaw.EMPTY)
    found = _together(kept, plan)
    for role, column in (("truth", plan.truth), ("outcome", plan.outcome)):
        if len(found[role].unique()) == 1:
            raise Refused(Flaw.ONE_CLASS, column)
    if rows < plan.least:
        raise Refused(Flaw.TOO_FEW)
    return found


def _hold_columns(names: Sequence[str], plan: Plan) -> None:
    for number, name in enumerate(names, 1):
        if list(names).count(name) > 1:
            raise Refused(Flaw.TWICE, _safe(name, number))
    for name in plan.columns:
        if name not in names:
            raise Refused(Flaw.MISSING, name)
    for number, name in enumerate(names, 1):
        if name not in plan.columns:
            raise Refused(Flaw.UNPLANNED, _safe(name, number))


def _hold_codes(batch: pa.Table, names: Sequence[str]) -> None:
    for number, name in enumerate(names, 1):
        if _IS_CODE.search(name) or _has_code(_text(batch.column(number - 1), name, 0)):
            raise Refused(Flaw.IDENTITY_CODE, _safe(name, number))


def _safe(name: str, number: int) -> str:
    """The name, unless it may be a value: then the number of its column."""
    return name if _PLAIN.fullmatch(name) and not _IS_CODE.search(name) else f"#{number}"


def _has_code(values: pa.ChunkedArray | pa.Array) -> bool:
    return bool(pc.any(pc.match_substring_regex(pc.unique(values), _CODE)).as_py())


def _text(values: pa.ChunkedArray, column: str, before: int) -> pa.ChunkedArray:
    """As text, trimmed. Refused for what is no value at all (a list, bytes) or is not there."""
    try:
        text = pc.utf8_trim_whitespace(values.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        raise Refused(Flaw.NOT_TEXT, column) from None
    return pc.fill_null(text, "")


def _coded(batch: pa.Table, plan: Plan, before: int) -> dict[str, pa.Array]:
    found = {
        each.column: _mapped(batch, each.column, {value: value for value in each.labels}, Flaw.UNKNOWN_GROUP, before)
        for each in plan.groups
    }
    found["outcome"] = _mapped(batch, plan.outcome, _YES_OR_NO, Flaw.NOT_YES_OR_NO, before)
    found["truth"] = _mapped(batch, plan.truth, _YES_OR_NO, Flaw.NOT_YES_OR_NO, before)
    scores = _scores(batch, plan.score, before) if plan.score else pa.array([0.0] * 0)
    if plan.score:
        place = pc.cast(pc.floor(pc.multiply(scores, float(BINS))), pa.int8())
        found["bin"] = pc.min_element_wise(place, pa.scalar(BINS - 1, pa.int8()))
        found["score"] = scores
    else:
        found["bin"] = pa.repeat(pa.scalar(0, pa.int8()), len(batch))
        found["score"] = pa.repeat(pa.scalar(0.0), len(batch))
    return found


def _mapped(batch: pa.Table, column: str, known: dict[str, str] | dict[str, int], flaw: Flaw, before: int) -> pa.Array:
    """Each value by what it stands for. Looked at once for each different value, not for each row."""
    values = _text(batch.column(column), column, before).combine_chunks().dictionary_encode()
    if _has_code(values.dictionary):
        raise Refused(Flaw.IDENTITY_CODE, column)
    if flaw is Flaw.UNKNOWN_GROUP and len(values.dictionary) > max(_MANY, MOST_GROUPS):
        raise Refused(Flaw.TOO_MANY_GROUPS, column)
    told = values.dictionary.to_pylist()
    meant = [known.get(each if flaw is Flaw.UNKNOWN_GROUP else each.lower()) for each in told]
    if None in meant:
        place = meant.index(None)
        row = before + pc.index(values.indices, place).as_py() + 1
        raise Refused(_why(told[place], flaw), column, row)
    return pa.array(meant).take(values.indices)


def _why(value: str, flaw: Flaw) -> Flaw:
    if not value or value.lower() in {"nan", "null", "none", "na"}:
        return Flaw.NO_VALUE
    return Flaw.FORMULA if _FORMULA.match(value) else flaw


def _scores(batch: pa.Table, column: str, before: int) -> pa.Array:
    values = batch.column(column)
    if not pa.types.is_floating(values.type):
        values = _numbers(values, column, before)
    numbers = values.cast(pa.float64()).combine_chunks()
    absent = pc.fill_null(pc.is_nan(numbers), fill_value=True)
    if (row := pc.index(absent, pa.scalar(value=True)).as_py()) >= 0:
        raise Refused(Flaw.NO_VALUE, column, before + row + 1)
    outside = pc.or_(pc.less(numbers, 0.0), pc.greater(numbers, 1.0))
    if (row := pc.index(outside, pa.scalar(value=True)).as_py()) >= 0:
        raise Refused(Flaw.NOT_A_SHARE, column, before + row + 1)
    return numbers


def _numbers(values: pa.ChunkedArray, column: str, before: int) -> pa.ChunkedArray:
    """Of text, with a point or with the comma that spreadsheets here write."""
    text = pc.replace_substring(_text(values, column, before), ",", ".")
    try:
        return text.cast(pa.float64())
    except pa.ArrowInvalid:
        if _has_code(text):
            raise Refused(Flaw.IDENTITY_CODE, column) from None
        row, value = next(_odd(text))
        raise Refused(_why(value, Flaw.NOT_A_SHARE), column, before + row + 1) from None


def _odd(text: pa.ChunkedArray) -> Iterator[tuple[int, str]]:
    for row, value in enumerate(text.to_pylist()):
        try:
            float(value)
        except ValueError:
            yield row, value


def _counted(found: dict[str, pa.Array], plan: Plan) -> pa.Table:
    keys = _keys(plan)
    table = pa.table(found).group_by(keys).aggregate([("score", "count"), ("score", "sum")])
    return table.rename_columns([*keys, "n", "score"])


def _together(tables: list[pa.Table], plan: Plan) -> pa.Table:
    keys = _keys(plan)
    summed = pa.concat_tables(tables).group_by(keys).aggregate([("n", "sum"), ("score", "sum")])
    return summed.rename_columns([*keys, "n", "score"])


def _keys(plan: Plan) -> list[str]:
    return [*(each.column for each in plan.groups), "outcome", "truth", "bin"]
