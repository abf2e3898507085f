"""What the log tells about requests."""

from portal.ledger.kinds import EntryKind


class RequestEntry(EntryKind):
    """A request from its arrival to its answer, and what was taken along."""

    MADE = "requests.made"
    OPENED = "requests.opened"
    REFUSED = "requests.refused"
    ANSWERED = "requests.answered"
    WITHDRAWN = "requests.withdrawn"
    CORRECTED = "requests.corrected"
    EVIDENCE_TAKEN = "requests.evidence_taken"
    BREACH_DRAFTED = "requests.breach_drafted"
    BREACH_CONFIRMED = "requests.breach_confirmed"
    BREACH_TOLD = "requests.breach_told"
    LOG_TAKEN = "requests.log_taken"
