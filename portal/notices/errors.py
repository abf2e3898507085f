"""Why a letter did not go. None of these carries an address, an identity code or another system's words."""


class LetterFault(Exception):
    """The letter did not go."""


class NotNow(LetterFault):
    """The service is away, slow or out of order: the same letter is sent again later."""


class NotAtAll(LetterFault):
    """No later try would help."""


class NoAddress(NotAtAll):
    """No sign-in has brought an e-mail address."""


class AddressRefused(NotAtAll):
    """The mail server does not take letters to this address."""


class NoMailbox(NotAtAll):
    """The person does not use Suomi.fi Messages."""


class NoSuchWay(NotAtAll):
    """This portal is not set up to send letters this way."""


class PersonGone(NotAtAll):
    """The person or their key is no longer held, or what it sealed does not open."""
