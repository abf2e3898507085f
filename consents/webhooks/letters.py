"""The letter to the keeper of a system whose webhook was switched off."""

from uuid import uuid5

from django.utils.translation import gettext, override

from consents.models import Webhook
from portal.cities import city
from portal.notices import mail
from portal.notices.errors import NotAtAll

_LANGUAGES = ("fi", "sv", "en")


def write_to_keeper(webhook: Webhook) -> None:
    """In all three languages, as nobody has said which. NotNow when the mail server is away.

    It names the system and the host: no address as a whole, which may be a secret, and nobody's data.
    """
    # One letter for each time that it is switched off, however often the job runs.
    letter = uuid5(webhook.pk, str(webhook.switched_off_at))
    parts = [_text(language, webhook) for language in _LANGUAGES]
    with override(_LANGUAGES[0]):
        subject = gettext("Messages to %(host)s were switched off") % {"host": webhook.host}
    try:
        body = "\n\n---\n\n".join(parts) + "\n"
        mail.send(webhook.contact_email, subject, body, letter=letter, language=", ".join(_LANGUAGES))
    except NotAtAll:
        # Staff see in the back office that it is off; there is nobody else to tell.
        return


def _text(language: str, webhook: Webhook) -> str:
    with override(language):
        names = {"system": webhook.system, "host": webhook.host, "portal": city().portal_name}
        paragraphs = [
            gettext("Hello,"),
            gettext(
                "The service %(portal)s could not deliver a single message to your system %(system)s (%(host)s) for a "
                "week. The messages to this address were switched off."
            )
            % names,
            gettext(
                "Mend the address, then switch the webhook on again by the API. Read what has changed meanwhile from "
                "the feed of changes: it holds everything for 90 days."
            ),
            str(city().city_of),
        ]
        return "\n\n".join(paragraphs)
