"""What the log tells about permissions."""

from portal.ledger.kinds import EntryKind


class ConsentEntry(EntryKind):
    """Purposes, answers, checks."""

    PURPOSE_PUBLISHED = "consents.purpose_published"
    REQUESTED = "consents.requested"
    GIVEN = "consents.given"
    REFUSED = "consents.refused"
    CHANGED = "consents.changed"
    RENEWED = "consents.renewed"
    SUSPENDED = "consents.suspended"
    RESUMED = "consents.resumed"
    SUPERSEDED = "consents.superseded"
    TERMINATED = "consents.terminated"
    WITHDRAWN = "consents.withdrawn"
    EXPIRED = "consents.expired"
    CHECKED = "consents.checked"
