"""What the log tells about keys and keeping times."""

from portal.ledger.kinds import EntryKind


class PrivacyEntry(EntryKind):
    """Changes of keys, and what was removed because its time was over."""

    KEY_CHANGED = "privacy.key_changed"
    KEY_MOVED = "privacy.key_moved"
    KEY_FORGOTTEN = "privacy.key_forgotten"
    REMOVED = "privacy.removed"
    MONTH_REMOVED = "privacy.month_removed"
