"""Requests whose day has gone by: the data protection officer is told, once for each; the back office shows them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext, override

from portal.cities import city
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices import mail
from portal.notices.errors import NotAtAll, NotNow
from portal.requests.enums import OPEN_STATES
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request

_LETTERS = UUID("0f1d8f0e-64c5-4f38-9d53-7f6f3f2d6a61")
_AGAIN = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=7)


def note_late(*, by: Actor, at: datetime) -> int:
    """Note which are late since the last time, and ask for one letter; how many. Within the worker's scope."""
    late = Request.objects.filter(state__in=OPEN_STATES, late_noted_at=None, due_on__lt=localdate(at))
    # What is paused is not late, however long it is.
    late = late.filter(paused_at=None)
    count = late.update(late_noted_at=at)
    if count:
        record(RequestEntry.LATE, by=by, at=at, counts={"requests": count})
        after_commit("requests.write_of_late", due_at=at, noted_at=at.isoformat())
    return count


def write_of_late(noted_at: datetime, *, by: Actor, at: datetime) -> None:
    """The letter of what was noted then; again in an hour while mail is away. Numbers only, and nobody.

    Within the worker's scope.
    """
    rows = Request.objects.filter(late_noted_at=noted_at, state__in=OPEN_STATES).order_by("number")
    numbers = list(rows.values_list("number", flat=True))
    if not numbers:
        return
    # The officer's shared mailbox; in the city's first language.
    language = city().languages[0]
    letter = uuid5(_LETTERS, noted_at.isoformat())
    try:
        to = city().contact.data_protection_officer
        mail.send(to, *_text(language, numbers), letter=letter, language=language)
    except NotNow:
        if at < noted_at + _GIVE_UP_AFTER:
            after_commit("requests.write_of_late", due_at=at + _AGAIN, noted_at=noted_at.isoformat())
    except NotAtAll:
        return


def _text(language: str, numbers: list[str]) -> tuple[str, str]:
    with override(language):
        count = len(numbers)
        paragraphs = [
            gettext("Hello,"),
            ngettext(
                "%(count)d request has not been answered by its day:",
                "%(count)d requests have not been answered by their day:",
                count,
            )
            % {"count": count},
            ", ".join(numbers),
            gettext("The back office lists them:") + f"\n{settings.STAFF_URL}/admin/requests/request/",
            str(city().city_of),
        ]
        return gettext("Requests that are late"), "\n\n".join(paragraphs) + "\n"
