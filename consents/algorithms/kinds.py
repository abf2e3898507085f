"""What the log tells about the register of algorithms."""

from portal.ledger.kinds import EntryKind


class AlgorithmEntry(EntryKind):
    """An entry made, written, approved, published; a state changed; a purpose that names it."""

    MADE = "algorithms.made"
    SAVED = "algorithms.saved"
    SENT = "algorithms.sent"
    APPROVED = "algorithms.approved"
    SENT_BACK = "algorithms.sent_back"
    PUBLISHED = "algorithms.published"
    STATE_CHANGED = "algorithms.state_changed"
    NAMED = "algorithms.named"
