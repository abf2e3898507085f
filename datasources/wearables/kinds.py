"""What the log tells about data from watches and phones."""

from portal.ledger.kinds import EntryKind


class WearableEntry(EntryKind):
    """Brought, read, chosen, removed; services of makers tied, fetched from, cut."""

    BROUGHT = "wearables.brought"
    READ = "wearables.read"
    NOT_READ = "wearables.not_read"
    CHOSEN = "wearables.chosen"
    REMOVED = "wearables.removed"
    ROUTES_KEPT = "wearables.routes_kept"
    ROUTE_REMOVED = "wearables.route_removed"
    COUNTED = "wearables.counted"
    TIED = "wearables.tied"
    FETCHED = "wearables.fetched"
    CUT = "wearables.cut"
    TIE_ENDED = "wearables.tie_ended"
