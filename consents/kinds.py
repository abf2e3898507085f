"""What the log tells about permissions."""

from portal.ledger.kinds import EntryKind


class ConsentEntry(EntryKind):
    """Purposes, answers, checks."""

    PURPOSE_MADE = "consents.purpose_made"
    PURPOSE_CHANGED = "consents.purpose_changed"
    TEXT_SAVED = "consents.text_saved"
    TEXT_SENT = "consents.text_sent"
    TEXT_APPROVED = "consents.text_approved"
    TEXT_SENT_BACK = "consents.text_sent_back"
    PURPOSE_CLOSED = "consents.purpose_closed"
    PURPOSE_PUBLISHED = "consents.purpose_published"
    REQUESTED = "consents.requested"
    GIVEN = "consents.given"
    HALF_GIVEN = "consents.half_given"
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
    FEED_READ = "consents.feed_read"
    ACKNOWLEDGED = "consents.acknowledged"
    DISCLOSED = "consents.disclosed"
    NOTHING_DISCLOSED = "consents.nothing_disclosed"
    USE_REPORTED = "consents.use_reported"
