"""Why a person is not opened. The docstring is the message."""


class NotOpened(Exception):
    """This person cannot be opened here."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooNear(NotOpened):
    """It is the staff member themselves, their family or a colleague: another staff member opens them."""

    def __init__(self, near: str | None = None) -> None:
        super().__init__()
        self.near = near


class NeverHere(NotOpened):
    """Nobody with the identity code of whoever is at the desk was ever here; their names are needed."""


class NotAvailable(NotOpened):
    """This person's matters are not to be seen here by whoever is at the desk; why is told to nobody."""


class NoSuchNumber(NotOpened):
    """There is no such number of somebody who asks for a second person, or not for this one."""
