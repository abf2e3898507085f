"""What the log tells about department systems."""

from portal.ledger.kinds import EntryKind


class RestEntry(EntryKind):
    """Clients and their rights."""

    CLIENT_CHANGED = "rest.client_changed"
    CLIENT_REFUSED = "rest.client_refused"
