"""What the log tells about service points."""

from portal.ledger.kinds import EntryKind


class DeskEntry(EntryKind):
    """Opening a person, for themselves or for who acts for them."""

    OPENED = "desk.opened"
    ASKED_REGISTER = "desk.asked_register"
    SECOND_ASKED = "desk.second_asked"
    SECOND_AGREED = "desk.second_agreed"
    REFUSED = "desk.refused"
