"""What a notice is about, and how a letter goes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a resident wants letters."""

    NOTHING = "nothing", _("I do not want letters")
    EMAIL = "email", _("By e-mail")
    MESSAGES = "messages", _("By Suomi.fi Messages")


class NoticeKind(models.TextChoices):
    """What waits for a person. A letter never tells which."""

    QUESTION = "question", _("You were asked for a permission.")
    ENDS_SOON = "ends_soon", _("A permission ends soon.")
    ENDS_IN_30 = "ends_in_30", _("A permission about sensitive data ends in 30 days.")
    ENDS_IN_7 = "ends_in_7", _("A permission about sensitive data ends in 7 days.")
    ENDS_SENSITIVE = "ends_sensitive", _("A permission about sensitive data ends soon.")
    ENDED = "ended", _("A permission has ended.")
    TEXT_CHANGED = "text_changed", _("A permission ended because its text changed.")
    CLOSED = "closed", _("A permission ended because the city no longer needs it.")
    ON_HOLD = "on_hold", _("A permission was put on hold or is on again.")
    WITHDRAWN = "withdrawn", _("You took a permission back.")
    CHILD_WAITS = "child_waits", _("A permission for a child waits for you, too.")
    CHILD_ANSWERED = "child_answered", _("A child for whom you may act answered a question.")
    CHILD_TAKEN_BACK = "child_taken_back", _("A permission for a child was changed, taken back or refused.")
    RECORDED = "recorded", _("An answer of yours was recorded at a service point.")
    REQUEST_ANSWERED = "request_answered", _("Your request was answered.")
    REQUEST_LATER = "request_later", _("The answer to your request takes longer.")
    LIMIT_ENDS = "limit_ends", _("The use of data that you had restricted begins again soon.")
    BREACH = "breach", _("Something went wrong with your data.")
    CORRECTED = "corrected", _("Data that you said was wrong has changed.")
    TIE_ENDED = "tie_ended", _("Data from your watch is no longer fetched: the connection was ended at its maker.")
    MOVED_AWAY = "moved_away", _("You moved away. Copies of your data are made here for one more month.")
    CHILD_MOVED = (
        "child_moved",
        _("A child for whom you may act moved away. Copies of the child’s data are made here for one more month."),
    )
    JOINED = "joined", _("Two accounts of yours were joined into this one.")
    SPLIT = (
        "split",
        _("The account that you used held another person’s data, too. You have an account of your own now."),
    )
    OPEN_AGAIN = "open_again", _("Your account was shut, and is open again. Your permissions are on hold.")
    CASE_NEWS = "case_news", _("There is news about a use case that you follow.")
    WORDS_READ = "words_read", _("What you wrote about use cases was read. See whether it is published.")
    GIVEN_DATA_USED = "given_data_used", _("Something came of data that you gave for the common good.")
    LETTERS_CHANGED = "letters_changed", _("Your choices of letters were changed.")


class LetterKind(models.TextChoices):
    """Gathered once a month at the most, or at once."""

    DIGEST = "digest"
    ALONE = "alone"
