"""What the log tells about requests."""

from portal.ledger.kinds import EntryKind


class RequestEntry(EntryKind):
    """A request from its arrival to its answer, and what was taken along."""

    MADE = "requests.made"
    OPENED = "requests.opened"
    REFUSED = "requests.refused"
    ANSWERED = "requests.answered"
    WITHDRAWN = "requests.withdrawn"
    LOG_TAKEN = "requests.log_taken"
    PACKED = "requests.packed"
    TAKEN = "requests.taken"
