"""Systems that have not acted in time: those who keep the registers are told, once for each change that is late."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext, ngettext, override

from consents.kinds import ConsentEntry
from consents.models import Telling
from datasources.models import Department
from portal.cities import city
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices import mail
from portal.notices.errors import NotAtAll, NotNow

_LETTERS = UUID("6835b145-cac0-403b-bea6-eee7be4dff15")
_AGAIN = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=7)


def note_late(*, by: Actor, at: datetime) -> int:
    """Note who is late since the last time, and ask for a letter to each department; how many are newly late.

    Within the worker's scope. Again at the same moment gives none.
    """
    late = Telling.objects.select_for_update().filter(acknowledged_at=None, alarmed_at=None, due_at__lt=at)
    found = dict(late.values_list("pk", "department"))
    Telling.objects.filter(pk__in=found).update(alarmed_at=at)
    for department, count in sorted(Counter(found.values()).items()):
        record(ConsentEntry.SYSTEMS_LATE, by=by, at=at, department=department, counts={"changes": count})
        after_commit("consents.write_of_late", due_at=at, department=department, noted_at=at.isoformat())
    return len(found)


def write_of_late(department: str, noted_at: datetime, *, by: Actor, at: datetime) -> None:
    """The letter of what was noted then, to the department's shared mailbox; again in an hour while mail is away.

    It names systems and counts, and nobody. Within the worker's scope. Where there is no mailbox the back office alone
    tells of it.
    """
    keeper = Department.objects.get(slug=department)
    late = _late(department, noted_at)
    if not (late and keeper.keeper_email):
        return
    letter = uuid5(_LETTERS, f"{department} {noted_at.isoformat()}")
    language = keeper.keeper_language
    try:
        mail.send(keeper.keeper_email, *_text(language, late), letter=letter, language=language)
    except NotNow:
        if at < noted_at + _GIVE_UP_AFTER:
            told = {"department": department, "noted_at": noted_at.isoformat()}
            after_commit("consents.write_of_late", due_at=at + _AGAIN, **told)
    except NotAtAll:
        return


def _late(department: str, noted_at: datetime) -> Mapping[str, int]:
    """{system: how many changes it has not acted on}, of those noted then."""
    rows = Telling.objects.filter(department=department, alarmed_at=noted_at, acknowledged_at=None)
    return dict(rows.values_list("system").annotate(count=Count("pk")).order_by("system"))


def _text(language: str, late: Mapping[str, int]) -> tuple[str, str]:
    with override(language):
        lines = [f"{system}: {_changes(count)}" for system, count in late.items()]
        paragraphs = [
            gettext("Hello,"),
            gettext(
                "Residents have taken back permissions, or permissions have ended. These systems have not said in time "
                "that they have stopped using the data:"
            ),
            "\n".join(lines),
            gettext(
                "Find out whether the data are still used, and have the systems say when they have stopped. Until then "
                "the residents see that the systems have not answered. The back office lists the changes:"
            )
            + f"\n{settings.STAFF_URL}/admin/consents/telling/?late=yes",
            str(city().city_of),
        ]
        return gettext("Systems that have not acted in time"), "\n\n".join(paragraphs) + "\n"


def _changes(count: int) -> str:
    return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}
