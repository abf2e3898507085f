"""Why something is not taken in. The docstring is the message."""


class WearableFault(Exception):
    """This cannot be taken in."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NoRoom(WearableFault):
    """There is no room for the file just now."""


class TooLarge(WearableFault):
    """The file is larger than 4 GB."""


class Empty(WearableFault):
    """The file is empty."""


class TooMany(WearableFault):
    """As many of this person's files as may are under way."""


class NotInTurn(WearableFault):
    """This part of the file does not follow on what is here."""


class NothingWaits(WearableFault):
    """No such upload is under way."""
