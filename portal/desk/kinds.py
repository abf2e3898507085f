"""What the log tells about the back office."""

from portal.ledger.kinds import EntryKind


class BackOfficeEntry(EntryKind):
    """Looking at its pages, and opening the sealed name of who did something."""

    LOOKED = "office.looked"
    NAME_OPENED = "office.name_opened"
