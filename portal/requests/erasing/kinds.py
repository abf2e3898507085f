"""What the log tells about erasures."""

from portal.ledger.kinds import EntryKind


class ErasureEntry(EntryKind):
    """From copies that went to holds of the law."""

    COPIES_ERASED = "requests.copies_erased"
    SOURCE_ERASED = "requests.source_erased"
    SOURCE_REFUSED = "requests.source_refused"
    LEFT = "requests.left"
    ERASED_AGAIN = "requests.erased_again"
    HOLD_MADE = "requests.hold_made"
    HOLD_CONFIRMED = "requests.hold_confirmed"
    HOLD_ENDED = "requests.hold_ended"
