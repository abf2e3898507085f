"""What the log tells about letters."""

from portal.ledger.kinds import EntryKind


class NoticeEntry(EntryKind):
    """Choices, and what was sent."""

    CHOICES_CHANGED = "notices.choices_changed"
    LETTER_SENT = "notices.letter_sent"
    LETTER_FAILED = "notices.letter_failed"
