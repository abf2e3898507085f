"""What the log tells about people and their log-ins."""

from portal.ledger.kinds import EntryKind


class PeopleEntry(EntryKind):
    """Log-ins and sessions."""

    SIGNED_IN = "people.signed_in"
    SIGNED_OUT = "people.signed_out"
    SIGN_IN_REFUSED = "people.sign_in_refused"
    ARRIVED = "people.arrived"
    BECAME_KNOWN = "people.became_known"
    MET_AT_DESK = "people.met_at_desk"
    MADE_APART = "people.made_apart"
    ACTED_FOR = "people.acted_for"
    MANY_OPENED = "people.many_opened"
    OPENING_REVIEWED = "people.opening_reviewed"
    NOT_AVAILABLE = "people.not_available"
