"""What the log tells about department systems."""

from portal.ledger.kinds import EntryKind


class RestEntry(EntryKind):
    """Clients and their rights."""

    CLIENT_MADE = "rest.client_made"
    CLIENT_CHANGED = "rest.client_changed"
    CLIENT_SWITCHED_OFF = "rest.client_switched_off"
    CLIENT_SWITCHED_ON = "rest.client_switched_on"
    SECRET_MADE = "rest.secret_made"  # noqa: S105 - the name of a kind
    SECRETS_ENDED = "rest.secrets_ended"
    CLIENT_REFUSED = "rest.client_refused"
