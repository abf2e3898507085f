"""Why a request is not made or answered. The docstring is the message."""


class RequestFault(Exception):
    """This cannot be done with the request."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooManyOpen(RequestFault):
    """Too many of their questions wait for an answer already."""


class AlreadyAnswered(RequestFault):
    """The request was answered meanwhile."""


class OwnBreach(RequestFault):
    """Who drafted it does not confirm it."""


class AlreadyConfirmed(RequestFault):
    """It was confirmed already."""


class AlreadyToldWrong(RequestFault):
    """Something else in the same data was said to be wrong, and that is still open."""


class NothingToCorrect(RequestFault):
    """There is no such value to correct, or it says already what would be right."""


class AlreadyBegun(AlreadyAnswered):
    """What was asked has begun to be done, and cannot be taken back."""


class TooNear(RequestFault):
    """It is the staff member's own request, their family's or a colleague's: another staff member answers it."""


class NeedsTwo(RequestFault):
    """What is not given in full is proposed by one person and confirmed by another."""


class OwnProposal(RequestFault):
    """Whoever proposed an answer does not confirm it."""


class ProposalWaits(RequestFault):
    """An answer was proposed and waits for a second person."""


class NothingProposed(RequestFault):
    """No answer waits for a second person."""


class NotPutOff(RequestFault):
    """It can be put off once, within its first month, and only where the law allows two months more."""


class WrongGround(RequestFault):
    """The ground stands in another law than the request."""


class NotAKnownFile(RequestFault):
    """The file is larger than 10 MB, or none of PDF, CSV, JSON, text, PNG and JPEG."""


class NotByHand(RequestFault):
    """Nobody looks for this part by hand any more."""
