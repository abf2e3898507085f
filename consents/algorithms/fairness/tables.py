"""CSV (RFC 4180) and Parquet as batches of columns: which it is, is told by the content."""

import csv
import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from consents.algorithms.fairness.flaws import MOST_ROWS, Flaw, Refused

_BATCH, _BLOCK = 1 << 17, 4 << 20
# Of one group of rows, unpacked: a small file may tell of much more than it holds.
_MOST_UNPACKED = 512 << 20
_LONGEST_HEADER = 1 << 14
_PARQUET = b"PAR1"


def batches_of(content: bytes | memoryview) -> Iterator[pa.Table]:
    """Its rows, some at a time; every column of a CSV is text. Refused where it cannot be read."""
    view, rows = memoryview(content), 0
    if not view:
        raise Refused(Flaw.EMPTY)
    found = _parquet(view) if view[:4] == _PARQUET else _csv(view)
    try:
        for batch in found:
            rows += len(batch)
            if rows > MOST_ROWS:
                raise Refused(Flaw.TOO_MANY_ROWS)
            if len(batch):
                yield batch
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise Refused(Flaw.NOT_A_TABLE) from None


def _parquet(view: memoryview) -> Iterator[pa.Table]:
    file = pq.ParquetFile(pa.BufferReader(view))
    facts = file.metadata
    if facts.num_rows > MOST_ROWS:
        raise Refused(Flaw.TOO_MANY_ROWS)
    if any(facts.row_group(each).total_byte_size > _MOST_UNPACKED for each in range(facts.num_row_groups)):
        raise Refused(Flaw.TOO_LARGE)
    for batch in file.iter_batches(batch_size=_BATCH):
        yield pa.Table.from_batches([batch])


def _csv(view: memoryview) -> Iterator[pa.Table]:
    delimiter, header = _header(bytes(view[:_LONGEST_HEADER]))
    reader = arrow_csv.open_csv(
        pa.BufferReader(view),
        read_options=arrow_csv.ReadOptions(block_size=_BLOCK, column_names=header, skip_rows=1),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def _header(beginning: bytes) -> tuple[str, list[str]]:
    """The delimiter (that which the first line has most of) and the names in it."""
    line, end, _ = beginning.partition(b"\n")
    if not end or b"\0" in line:
        raise Refused(Flaw.NOT_A_TABLE)
    text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8").rstrip("\r")
    delimiter = max(",;\t", key=text.count)
    names = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    return delimiter, [name.strip() for name in names]
