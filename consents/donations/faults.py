"""What can be wrong with a report, or with the parts of a donation. The docstring is the message."""


class DonationFault(Exception):
    """This cannot be done."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NotADonation(DonationFault):
    """This is no data that is given for the common good."""


class NotWhole(DonationFault):
    """A report has a title and a text in each of the three languages."""


class AlreadyPublished(DonationFault):
    """A report that was published stays as it is."""


class OwnReport(DonationFault):
    """Whoever drafted a report does not publish it: two people read it."""


class NotYours(DonationFault):
    """Only staff of the department that asks may do this."""


class PublishedPurpose(DonationFault):
    """What people were asked for stays as it was; other parts need a purpose of their own."""
