"""What can keep somebody's data from being taken along."""


class NotAQuestion(Exception):
    """Another city asked in a way that is not answered; `args[0]` says what is wrong, as a slug of ours."""


class QuestionOver(Exception):
    """It was asked too long ago, or not by us led here."""


class AnsweredAlready(Exception):
    """The other city has its code already, or the person took the answer back."""


class ReceiverGone(Exception):
    """The receiving city is trusted no more, or has no key to seal for."""
