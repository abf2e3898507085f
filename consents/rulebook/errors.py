"""Why a rulebook cannot be read, adopted or believed; each message is a sentence."""


class RulebookFault(Exception):
    """Something of a rulebook is not as it must be; the message names the place and what is wrong."""


class NoSuchVersion(RulebookFault):
    """There is no rulebook of this version."""


class OlderVersion(RulebookFault):
    """A city goes on to a newer version, never back."""
