"""An account that is shut until a second officer looks at it: the officers are reminded, and in the end it opens.

Whoever told it may drop it at any time. What nobody confirms within 14 days can be confirmed no more, so it ends then.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, override

from portal.cities import city
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.notices import mail
from portal.notices.errors import NotAtAll, NotNow
from portal.requests.life.enums import LifeKind
from portal.requests.life.models import LifeChange
from portal.requests.life.rules import CONFIRMED_WITHIN, REMINDED_AFTER
from portal.requests.life.splitting import open_unconfirmed
from portal.walls import Role, scope

_LETTERS = UUID("8a3c6f4e-2c0d-4f0b-9c57-6a9d1d3f5b28")
_AGAIN = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=7)


def shut_accounts() -> QuerySet[LifeChange]:
    """Told of, and neither confirmed nor dropped; within a scope that reads them."""
    return LifeChange.objects.filter(kind=LifeKind.SPLIT, confirmed_at=None, dropped_at=None)


def mind_shut(*, by: Actor, at: datetime) -> int:
    """Remind of those that wait for a week, and open those that nobody confirmed in time; how many opened.

    A transaction each; opens its own scopes.
    """
    with scope(Role.STAFF):
        waiting = list(shut_accounts().filter(told_at__lte=at - REMINDED_AFTER).order_by("told_at"))
    opened = 0
    for row in waiting:
        with transaction.atomic(), scope(Role.STAFF, persons=[row.person_id]):
            opened += _minded(row.pk, by=by, at=at)
    return opened


def _minded(pk: UUID, *, by: Actor, at: datetime) -> bool:
    # Confirmed or dropped meanwhile, it is not here any more.
    row = shut_accounts().select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    if at >= row.told_at + CONFIRMED_WITHIN:
        row.dropped_at, row.dropped_by = at, by.id
        row.save(update_fields=["dropped_at", "dropped_by"])
        open_unconfirmed(row.person_id, reference=row.case, by=by, at=at)
    elif row.reminded_at is None:
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
    else:
        return False
    after_commit("life.write_of_shut", due_at=at, change_id=row.pk, noted_at=at.isoformat())
    return row.dropped_at is not None


def write_of_shut(pk: UUID, noted_at: datetime, *, at: datetime) -> None:
    """To the officers: it waits, or it was opened. Again in an hour while mail is away. The case's number, and nobody.

    Opens its own scope.
    """
    with scope(Role.STAFF):
        row = LifeChange.objects.filter(pk=pk, confirmed_at=None).first()
    if row is None or (row.dropped_at is not None and row.dropped_at != noted_at):
        return
    language = city().languages[0]
    letter = uuid5(_LETTERS, f"{pk} {noted_at.isoformat()}")
    try:
        to = city().contact.data_protection_officer
        mail.send(to, *_text(row, language), letter=letter, language=language)
    except NotNow:
        if at < noted_at + _GIVE_UP_AFTER:
            after_commit("life.write_of_shut", due_at=at + _AGAIN, change_id=pk, noted_at=noted_at.isoformat())
    except NotAtAll:
        return


def _text(row: LifeChange, language: str) -> tuple[str, str]:
    with override(language):
        case = {"case": row.case}
        if row.dropped_at is None:
            subject = gettext("An account is shut and waits for a second officer")
            told = gettext(
                "Case %(case)s: an account was told to hold two people, and is shut. Confirm it or drop it: 14 days "
                "after it was told it opens by itself."
            )
        else:
            subject = gettext("An account that was shut has opened by itself")
            told = gettext(
                "Case %(case)s: nobody confirmed within 14 days that the account holds two people. It can be signed in "
                "to again. Permissions stay on hold. If it does hold two people, tell it anew at once, and look "
                "whether it is a breach."
            )
        where = gettext("The back office:") + f"\n{settings.STAFF_URL}/admin/life/lifechange/{row.pk}/change/"
        return subject, "\n\n".join([gettext("Hello,"), told % case, where, str(city().city_of)]) + "\n"
