"""Why a request is not made or answered. The docstring is the message."""


class RequestFault(Exception):
    """This cannot be done with the request."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class AlreadyAnswered(RequestFault):
    """The request was answered meanwhile."""


class NotOpened(RequestFault):
    """The request has to be opened before it is answered."""
