"""Why an evaluation's file is not taken: pure. A flaw names a column and a row, and never what stood there."""

from enum import StrEnum

MOST_ROWS = 5_000_000


class Flaw(StrEnum):
    """What is wrong with the file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_A_TABLE = "not_a_table"
    NOT_TEXT = "not_text"
    MISSING = "missing"
    TWICE = "twice"
    UNPLANNED = "unplanned"
    IDENTITY_CODE = "identity_code"
    FORMULA = "formula"
    NO_VALUE = "no_value"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_SHARE = "not_a_share"
    UNKNOWN_GROUP = "unknown_group"
    TOO_MANY_GROUPS = "too_many_groups"
    ONE_CLASS = "one_class"
    TOO_FEW = "too_few"
    BROKEN_OFF = "broken_off"


class Refused(Exception):
    """The file is not taken. `column` is a plain name or a number; `row` counts from 1, the header not counted."""

    def __init__(self, flaw: Flaw, column: str = "", row: int = 0) -> None:
        super().__init__(flaw.value)
        self.flaw, self.column, self.row = flaw, column, row
