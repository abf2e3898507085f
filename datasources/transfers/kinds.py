"""What the log tells of moving between cities."""

from portal.ledger.kinds import EntryKind


class TransferEntry(EntryKind):
    """Of trust in other cities."""

    KEY_WITHDRAWN = "transfers.key_withdrawn"
