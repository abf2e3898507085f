"""What cannot be done; the docstring is the message."""


class UseCaseFault(Exception):
    """It cannot be done."""


class TooManyToday(UseCaseFault):
    """So much was sent today that the rest has to wait until tomorrow."""


class NoLongerChanged(UseCaseFault):
    """It was sent more than a week ago, or staff have taken it over: it can only be removed."""


class NotThere(UseCaseFault):
    """There is no such case, or it was taken back."""


class AlreadyDecided(UseCaseFault):
    """Somebody decided about it meanwhile."""


class NoSuchStep(UseCaseFault):
    """A case does not go from this state to that one."""


class NotKeptYet(UseCaseFault):
    """Its words are a resident's own still, or nobody keeps it: staff take it over first."""


class NothingExpectedYet(UseCaseFault):
    """Before it is tried out, it is said in public what is expected of it."""


class NoReason(UseCaseFault):
    """What is expected is changed after the trial began: everyone reads why."""
