"""What the log tells about lives."""

from portal.ledger.kinds import EntryKind


class LifeEntry(EntryKind):
    """What was told, and what was done after it."""

    HEARD = "life.heard"
    CODES_SHOWN = "life.codes_shown"
    TOLD = "life.told"
    CONFIRMED = "life.confirmed"
    DROPPED = "life.dropped"
    CLOSED = "life.closed"
    COPIES_REMOVED = "life.copies_removed"
    MOVED_AWAY = "life.moved_away"
    COPIES_ENDED = "life.copies_ended"
    CODE_CHANGED = "life.code_changed"
    JOINED = "life.joined"
    CONTINUED = "life.continued"
    SORTED = "life.sorted"
    SHUT = "life.shut"
    OPENED = "life.opened"
    SPLIT = "life.split"
    BEGUN = "life.begun"
    UNKNOWN_ASKER = "life.unknown_asker"
    LAPSED = "life.lapsed"
