"""What the log tells of the rulebook."""

from portal.ledger.kinds import EntryKind


class RulebookEntry(EntryKind):
    """Adoption."""

    ADOPTED = "rulebook.adopted"
