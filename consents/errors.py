"""What can be wrong with an answer. The docstring is the message."""


class ConsentFault(Exception):
    """This cannot be done with this permission."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TextChanged(ConsentFault):
    """The text changed after it was shown; it is read again before it is answered."""


class NotAsked(ConsentFault):
    """Nothing is asked here any more."""


class NotOn(ConsentFault):
    """This permission is not on."""


class NotAConsent(ConsentFault):
    """This use rests on law; no permission is asked for it."""


class NotForSystems(ConsentFault):
    """For data that is given for the common good nobody is asked who does not come by themselves."""


class AskedTooSoon(ConsentFault):
    """A no is not asked again for six months."""


class OnlyAdults(ConsentFault):
    """This is asked of adults only."""


class TooManyOpen(ConsentFault):
    """Five questions wait already; more are asked when they are answered."""


class FieldsNotOffered(ConsentFault):
    """An answer names data that was not asked for."""


class NothingChosen(ConsentFault):
    """A yes to data that may all be left out covers a part of it at least."""


class NotYours(ConsentFault):
    """This is for somebody else to answer."""


class TooSoonToRenew(ConsentFault):
    """A permission is renewed in its last sixty days."""


class ErrandFault(Exception):
    """This errand cannot go on. The docstring is the message."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class LinkBroken(ErrandFault):
    """The link is not whole, or was not made by a service that may lead people here."""


class LinkExpired(ErrandFault):
    """The link held for a quarter of an hour at the most, and that has passed."""


class LinkUsed(ErrandFault):
    """The link was used already; it works once."""


class ReturnUnknown(ErrandFault):
    """The address to go back to is not known here."""


class QuestionUnknown(ErrandFault):
    """The service may not ask this, or it is not asked now."""


class NoSuchErrand(ErrandFault):
    """There is no such errand, or it is somebody else's."""


class ErrandOver(ErrandFault):
    """The errand took longer than it lasts."""


class OtherPerson(ErrandFault):
    """Whoever signed in is not whom the service has before it."""


class ReturnAddressFault(Exception):
    """Why an address cannot be as it is wished. The docstring is the message."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NotAReturnAddress(ReturnAddressFault):
    """A return address begins with https:// and has a host; it has no name, password, query, fragment or dots."""


class TooManyReturnAddresses(ReturnAddressFault):
    """A system has twenty return addresses at most."""


class NoSuchReturnAddress(ReturnAddressFault):
    """This system has no such return address."""


class OwnReturnAddress(ReturnAddressFault):
    """Whoever proposed an address does not confirm it: two people look at it."""


class FeedFault(Exception):
    """Why a system cannot read on, or cannot say that it acted."""


class CursorNotOurs(FeedFault):
    """This is not a cursor that this department was given."""


class CursorExpired(FeedFault):
    """More than 90 days have passed: what happened since cannot be read from here on."""


class NotToldOf(FeedFault):
    """This system was not told of any such change."""


class NamedByCode(Exception):
    """Of data that was given for the common good nobody is named by their identity code."""


class NoSuchPurpose(Exception):
    """This department has no purpose of that name."""


class WebhookFault(Exception):
    """Why a webhook cannot be as it is wished. `args[0]`, when there is one, is a sentence for the system's keeper."""


class AddressRefused(WebhookFault):
    """Nothing may be sent to this address."""


class TooManyWebhooks(WebhookFault):
    """A system has ten webhooks at most."""


class NoSuchWebhook(WebhookFault):
    """This system has no such webhook, or no such delivery of it."""


class WebhookIsOff(WebhookFault):
    """Nothing is sent by a webhook that is switched off."""


class NotASecret(WebhookFault):
    """This is no secret of a webhook: `whsec_` and 24 to 64 bytes in base64."""
