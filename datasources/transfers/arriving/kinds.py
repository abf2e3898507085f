"""What the log tells about data that came from another city."""

from portal.ledger.kinds import EntryKind


class ArrivalEntry(EntryKind):
    """A package asked for, brought, checked or refused; its items taken in, left, removed."""

    ASKED = "transfers.asked"
    NOT_FETCHED = "transfers.not_fetched"
    FETCHED = "transfers.fetched"
    BROUGHT = "transfers.brought"
    CHECKED = "transfers.checked"
    TURNED_AWAY = "transfers.turned_away"
    ACCEPTED = "transfers.accepted"
    DECLINED = "transfers.declined"
    UNDONE = "transfers.undone"
    REST_GONE = "transfers.rest_gone"
    REMOVED = "transfers.removed"
