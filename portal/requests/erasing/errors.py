"""Why an erasure or a hold is not made. The docstring is the message."""

from portal.requests.errors import RequestFault


class NothingChosen(RequestFault):
    """Nothing was chosen."""


class SamePerson(RequestFault):
    """Whoever made the hold cannot confirm it: another staff member does."""


class FileBroken(Exception):
    """The file of erasures is not as the portal signed it."""


class FileAhead(Exception):
    """The file of erasures tells of erasures that the database does not know: it was restored, and they are to be
    done again before anybody is let in."""
