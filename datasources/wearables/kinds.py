"""What the log tells about data from watches and phones."""

from portal.ledger.kinds import EntryKind


class WearableEntry(EntryKind):
    """Brought, read, chosen, removed."""

    BROUGHT = "wearables.brought"
    READ = "wearables.read"
    NOT_READ = "wearables.not_read"
    CHOSEN = "wearables.chosen"
    REMOVED = "wearables.removed"
    COUNTED = "wearables.counted"
