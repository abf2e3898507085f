"""Letters by e-mail: through Django's e-mail backend, with faults that carry no address."""

import smtplib
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from portal.notices.errors import AddressRefused, NoSuchWay, NotNow

_FOR_GOOD = 500  # RFC 5321 §4.2.1: a reply of 5yz will be the same next time


def send(to: str, subject: str, body: str, *, letter: UUID, language: str) -> None:
    """NotNow when the mail server is away or says later; AddressRefused when it does not take this address.

    The Message-ID is made of the letter's id, so that a letter that goes twice is known for one (RFC 5322 §3.6.4).
    """
    if not settings.LETTERS_FROM:
        raise NoSuchWay
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{letter}@{host}>",
        "Content-Language": language,
        # No holiday greetings back (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMessage(subject, body, settings.LETTERS_FROM, [to], headers=headers)
    try:
        get_connection().send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        raise (AddressRefused if codes and min(codes) >= _FOR_GOOD else NotNow) from None
    except (smtplib.SMTPException, OSError):
        # Whatever else: our own sender or password may be at fault, and a person mends that before the letter is old.
        raise NotNow from None
    except ValueError:
        # Django refuses what is no address, or carries a line's end.
        raise AddressRefused from None
