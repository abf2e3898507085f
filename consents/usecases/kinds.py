"""What the log tells about use cases: of residents in their own log, of the city in that of nobody."""

from portal.ledger.kinds import EntryKind


class UseCaseEntry(EntryKind):
    """Proposed, said, supported, followed, reported, moderated; cases kept, answered, brought further."""

    PROPOSED = "usecases.proposed"
    COMMENTED = "usecases.commented"
    WORDS_CHANGED = "usecases.words_changed"
    WORDS_REMOVED = "usecases.words_removed"
    SUPPORTED = "usecases.supported"
    SUPPORT_ENDED = "usecases.support_ended"
    FOLLOWED = "usecases.followed"
    FOLLOWED_NO_MORE = "usecases.followed_no_more"
    REPORTED = "usecases.reported"
    PUBLISHED = "usecases.published"
    NOT_PUBLISHED = "usecases.not_published"
    LEFT_AS_IT_IS = "usecases.left_as_it_is"
    CASE_KEPT = "usecases.case_kept"
    ANSWERED = "usecases.answered"
    FORGOTTEN = "usecases.forgotten"
    EXPECTED = "usecases.expected"
    COST_ENTERED = "usecases.cost_entered"
