"""Why a request is not made or answered. The docstring is the message."""


class RequestFault(Exception):
    """This cannot be done with the request."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class AlreadyAnswered(RequestFault):
    """The request was answered meanwhile."""


class AlreadyBegun(AlreadyAnswered):
    """What was asked has begun to be done, and cannot be taken back."""


class TooNear(RequestFault):
    """It is the staff member's own request, their family's or a colleague's: another staff member answers it."""
