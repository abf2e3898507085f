"""What can go wrong with a department system, in sentences for a register keeper. Never a value of anyone's data."""


class SourceFault(Exception):
    """The department system could not be read."""


class Unreachable(SourceFault):
    """The system does not answer."""


class TooSlow(SourceFault):
    """The system did not answer in time."""


class Refused(SourceFault):
    """The system does not let us in."""


class Drifted(SourceFault):
    """The system no longer has a field that the mapping names."""


class Garbled(SourceFault):
    """The answer cannot be read."""


class WrongPerson(SourceFault):
    """The system answered about someone else than asked."""


class CircuitOpen(SourceFault):
    """The system failed too many times in a row; it is left alone for a while."""


class MisSet(SourceFault):
    """The settings or the mapping of the source cannot be used."""
