"""Why a package is refused: kinds, whose sentences stand in `texts`. Never a word of what the package holds."""

from enum import StrEnum


class Reason(StrEnum):
    """Nothing of the package is kept."""

    # ---- it is not such a file, or not a whole one ----
    NOT_A_PACKAGE = "not_a_package"
    SEALED = "sealed"  # it is sealed, and was not opened first
    NOT_FOR_OUR_KEY = "not_for_our_key"  # sealed to a key that is not ours, or changed since
    TOO_LARGE = "too_large"
    BROKEN_OFF = "broken_off"
    # ---- the archive was made to harm, or made anew by another program ----
    SOMETHING_AROUND = "something_around"  # bytes before, between or after its files; a comment
    ENCRYPTED = "encrypted"
    COMPRESSION = "compression"
    TOO_MANY_FILES = "too_many_files"
    BOMB = "bomb"
    UNSAFE_NAME = "unsafe_name"
    LINK = "link"
    DUPLICATE_NAME = "duplicate_name"
    ARCHIVE = "archive"  # anything else of it is not as a package is written
    # ---- who made it ----
    NO_SIGNATURE = "no_signature"
    ALGORITHM = "algorithm"
    UNKNOWN_CITY = "unknown_city"
    UNKNOWN_KEY = "unknown_key"
    KEYS_UNREACHABLE = "keys_unreachable"
    KEY_WITHDRAWN = "key_withdrawn"
    SIGNATURE = "signature"
    CHANGED = "changed"
    # ---- what it says of itself ----
    MANIFEST = "manifest"
    VERSION = "version"
    FROM_THE_FUTURE = "from_the_future"
    EXPIRED = "expired"
    LIVES_TOO_LONG = "lives_too_long"
    SEEN_BEFORE = "seen_before"
    ANOTHER_PERSON = "another_person"
    ANOTHER_CITY = "another_city"
    # ---- what is in it ----
    FILE_MISSING = "file_missing"
    FILE_MORE = "file_more"
    ROW_COUNT = "row_count"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    SCHEMA = "schema"
    NOT_AS_SCHEMA = "not_as_schema"
    CSV_DIFFERS = "csv_differs"
    FACT = "fact"


class Refused(Exception):
    """The package is refused, for one `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
