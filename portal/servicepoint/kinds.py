"""What the log tells about service points."""

from portal.ledger.kinds import EntryKind


class DeskEntry(EntryKind):
    """Opening a person."""

    OPENED = "desk.opened"
    REFUSED = "desk.refused"
