"""Why a change is not told or confirmed. The docstring is the message."""

from portal.requests.errors import RequestFault


class NotConfirmed(RequestFault):
    """It was confirmed or dropped already."""


class NotTakenUp(RequestFault):
    """The register told it, and no officer has taken it up yet."""


class TooLate(RequestFault):
    """It was told too long ago: tell it once more."""


class SameTeller(RequestFault):
    """Whoever told it does not confirm it: another staff member does."""


class AnotherPerson(RequestFault):
    """These are not the identity codes that were told: look at the papers of the case."""


class CodeTaken(RequestFault):
    """The new identity code is of somebody who is known here already. Nothing was changed: they may be one person."""


class AlreadyClosed(RequestFault):
    """The account is closed already."""


class NotTwo(RequestFault):
    """Nobody else is known by the other identity code: these are not two accounts."""


class NotDecided(RequestFault):
    """Whose a thing is, is decided by whoever told the change, of what stands in the account."""


class ErasureRuns(RequestFault):
    """An erasure that has begun is not done yet: wait until it is."""
