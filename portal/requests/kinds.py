"""What the log tells about requests."""

from portal.ledger.kinds import EntryKind


class RequestEntry(EntryKind):
    """A request from its arrival to its answer, and what was taken along."""

    MADE = "requests.made"
    TAKEN = "requests.taken"
    HANDED_OVER = "requests.handed_over"
    EXTENDED = "requests.extended"
    PAUSED = "requests.paused"
    GOES_ON = "requests.goes_on"
    LAW_CHANGED = "requests.law_changed"
    PROPOSED = "requests.proposed"
    SENT_BACK = "requests.sent_back"
    PART_DONE = "requests.part_done"
    TEMPLATE_CHANGED = "requests.template_changed"
    REGISTER_TAKEN = "requests.register_taken"
    LATE = "requests.late"
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
    PACKED = "requests.packed"
    DOWNLOADED = "requests.downloaded"
