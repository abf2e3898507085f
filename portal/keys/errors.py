"""What can be wrong with a key. No message ever carries a key, a plain text or an identity code."""


class KeyMissing(Exception):
    """The key this was sealed with is not in the key ring."""


class KeyDestroyed(Exception):
    """The person's key was destroyed; what it sealed cannot be read by anyone."""


class SealBroken(Exception):
    """The sealed bytes do not open: another key, another place, or changed bytes."""


class SignerUnknown(Exception):
    """The signature names no key of ours, or none at all."""


class SignatureBroken(Exception):
    """The signature is not over these bytes."""


class RingElsewhere(Exception):
    """The key ring came by the environment: it is made and changed where it is kept."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooEarly(Exception):
    """Older versions of a key may still be in use."""


class NoRoomLeft(Exception):
    """There is no room for the file just now."""


class TooMuch(Exception):
    """The file is larger than was agreed."""


class DoesNotFollow(Exception):
    """This part of the file does not follow on what is here."""
