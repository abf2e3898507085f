"""What the log tells about evaluations of fairness: no person, no figure, no column."""

from portal.ledger.kinds import EntryKind


class FairnessEntry(EntryKind):
    """A plan saved and fixed, a file brought and counted or refused, an evaluation published."""

    PLANNED = "algorithms.evaluation_planned"
    FIXED = "algorithms.evaluation_fixed"
    BROUGHT = "algorithms.evaluation_brought"
    REFUSED = "algorithms.evaluation_refused"
    COUNTED = "algorithms.evaluation_counted"
    PUBLISHED = "algorithms.evaluation_published"
    GIVEN_UP = "algorithms.evaluation_given_up"
