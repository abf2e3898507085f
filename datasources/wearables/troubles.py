"""Why a file cannot be used: kinds, whose sentences stand in `texts`. Never a word of what the file holds."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Trouble(StrEnum):
    """Nothing of the file is kept."""

    EMPTY = "empty"
    NOT_KNOWN = "not_known"
    WEB_PAGE = "web_page"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"  # it breaks off or is damaged before anything could be read
    BOMB = "bomb"  # unpacks to far more than it should
    TOO_MANY_FILES = "too_many_files"
    TOO_DEEP = "too_deep"  # archives in archives, or elements in elements
    UNSAFE_NAMES = "unsafe_names"  # ../, links, files over one another
    TOO_LARGE = "too_large"
    DANGEROUS = "dangerous"  # entities, or one value without end
    NOTHING_FOUND = "nothing_found"
    NO_ROOM = "no_room"


class Unusable(Exception):
    """The file cannot be used, for one `trouble`."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@contextmanager
def there_is_room() -> Iterator[None]:
    """Around writing: a disk that is full, or a share of it that is used up, is told as NO_ROOM."""
    try:
        yield
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Unusable(Trouble.NO_ROOM) from None
        raise
