"""Why a file is not taken in. The docstring is the message."""

from datasources.transfers.enums import Fault


class NotTakenIn(Exception):
    """This is not taken in."""

    fault = Fault.OTHER

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NoRoom(NotTakenIn):
    """There is no room for the file just now."""

    fault = Fault.NO_ROOM


class TooLarge(NotTakenIn):
    """The file is larger than 200 MB."""


class NotInTurn(NotTakenIn):
    """The file was not written whole."""

    fault = Fault.BROKEN_OFF


class Empty(NotTakenIn):
    """The file is empty."""

    fault = Fault.EMPTY


class TooMany(NotTakenIn):
    """Another package of this person's is under way."""

    fault = Fault.TOO_MANY
