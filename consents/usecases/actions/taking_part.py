"""A resident supports, follows, reports: each once, and taken back as easily.

The log tells that they did, not about which case: what somebody thinks does not stand there for ten years.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F

from consents.usecases.enums import ReportGround, WordKind
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Comment
from consents.usecases.words import Follow, Report, Support, Word
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

# From two tabs at once, the second finds the first's row and makes none.
_ONCE = """
INSERT INTO {table} (id, person_id, case_id, since_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


def support(case: Case, *, person: UUID, by: Actor, at: datetime) -> bool:
    """Within the person's scope; False where they support it already."""
    if not _made_once(Support, case, person, at=at):
        return False
    _count(case, 1)
    record(UseCaseEntry.SUPPORTED, by=by, about=person, at=at)
    return True


def support_no_more(case: Case, *, person: UUID, by: Actor, at: datetime) -> bool:
    """Within the person's scope; False where they did not support it."""
    gone, _ = Support.objects.filter(person_id=person, case=case).delete()
    if not gone:
        return False
    _count(case, -1)
    record(UseCaseEntry.SUPPORT_ENDED, by=by, about=person, at=at)
    return True


def _count(case: Case, step: int) -> None:
    """In the transaction of the row itself, so that the figure is never another than that of the rows."""
    with scope(Role.WORKER):
        Case.objects.filter(pk=case.pk).update(supports=F("supports") + step)


def follow(case: Case, *, person: UUID, by: Actor, at: datetime) -> bool:
    """Within the person's scope; False where they follow it already."""
    if not _made_once(Follow, case, person, at=at):
        return False
    record(UseCaseEntry.FOLLOWED, by=by, about=person, at=at)
    return True


def follow_no_more(case: Case, *, person: UUID, by: Actor, at: datetime) -> bool:
    """Within the person's scope; False where they did not follow it."""
    gone, _ = Follow.objects.filter(person_id=person, case=case).delete()
    if gone:
        record(UseCaseEntry.FOLLOWED_NO_MORE, by=by, about=person, at=at)
    return bool(gone)


def _made_once(model: type[Support | Follow], case: Case, person: UUID, *, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ONCE.format(table=model._meta.db_table), [uuid4(), person, case.pk, at])
        return cursor.fetchone() is not None


def report(what: Comment | Case, ground: ReportGround, *, person: UUID, by: Actor, at: datetime) -> bool:
    """Have a moderator look at a published comment or a resident's proposal again; False the second time.

    Within the person's scope.
    """
    about = {"comment": what} if isinstance(what, Comment) else {"case": what}
    _, new = Report.objects.get_or_create(person_id=person, **about, defaults={"ground": ground, "reported_at": at})
    if not new:
        return False
    kind = WordKind.COMMENT if isinstance(what, Comment) else WordKind.PROPOSAL
    with scope(Role.WORKER):
        Word.objects.filter(kind=kind, reported_at=None, **about).update(reported_at=at)
    record(UseCaseEntry.REPORTED, by=by, about=person, at=at)
    return True
