"""What a letter says: that there is something, where, and who helps; never what. The same words in every letter."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from portal.cities import city


@dataclass(frozen=True)
class Wording:
    """A letter in one language."""

    subject: str
    body: str


def letter_text(language: str) -> Wording:
    """The letter in `language`; its link is the portal's front, the same for everyone."""
    facts = city()
    with translation.override(language):
        names = {"portal": facts.portal_name, "phone": facts.contact.phone}
        paragraphs = [
            gettext("Hello,"),
            gettext("There is something new for you in the service %(portal)s. Sign in to read it:") % names
            + f"\n{settings.PUBLIC_URL}/{language}/",
            gettext("We never ask for your bank codes or your personal identity code in a message or by phone."),
            gettext("You choose which letters you get. You can change your choice in the settings of the service."),
            gettext("Do you need help? Call us on %(phone)s or visit us:") % names + f"\n{facts.contact.desk}",
            str(facts.city_of),
        ]
        subject = gettext("Something new for you: %(portal)s") % names
        return Wording(subject, "\n\n".join(paragraphs) + "\n")
