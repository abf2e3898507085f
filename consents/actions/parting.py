"""An account of two people becomes two: no yes is known to be either's, and every no is a no of both."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from consents.actions.ending import end_all_of, resume, suspend
from consents.actions.joining import follow
from consents.actions.limiting import hold_back_as
from consents.enums import ConsentState
from consents.kinds import ConsentEntry
from consents.models import Announcement, Consent, Errand, Restriction
from consents.rules.joining import is_no
from portal.ledger.actor import Actor
from portal.people.subjects import subjects_of


def pause_all_of(person: UUID, *, by: Actor, at: datetime) -> list[UUID]:
    """Put on hold whatever is on of this person's; which. Worker's scope. Departments hear of each."""
    rows = Consent.objects.filter(person_id=person, state=ConsentState.GIVEN).order_by("pk")
    paused = list(rows.values_list("pk", flat=True))
    for pk in paused:
        suspend(pk, by=by, at=at)
    return paused


def resume_all(paused: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """On again what was paused and is on hold still. Worker's scope."""
    rows = Consent.objects.filter(pk__in=paused, state=ConsentState.SUSPENDED).order_by("pk")
    for pk in rows.values_list("pk", flat=True):
        resume(pk, by=by, at=at)


def part_answers(
    shared: UUID, first: UUID, second: UUID, *, of_second: Collection[UUID], by: Actor, at: datetime
) -> int:
    """End all that was given, and have each refusal and restriction hold for both; how many permissions ended.

    A restriction stays tied to the request by which it was asked: `of_second` are those that go with the second.

    Nothing is asked anew: a question would tell one of them what the other had allowed. Worker's scope of all three.
    """
    Errand.objects.filter(person_id=shared).delete()
    refused = Consent.objects.filter(person_id=shared).select_related("purpose__department", "text").order_by("pk")
    answers = [row for row in refused if is_no(ConsentState(row.state))]
    ended = end_all_of(shared, ConsentEntry.ENDED_PARTED, by=by, at=at)
    for person in (first, second):
        for answer in answers:
            follow(answer, person, by=by, at=at)
    for row in Restriction.objects.select_for_update().filter(person_id=shared).order_by("asked_at"):
        asker, other = (second, first) if row.request in of_second else (first, second)
        hold_back_as(row, asker, by=by, at=at)
        # Of the other no request of theirs tells: staff let it go as any other.
        row.pk, row.request = uuid4(), uuid4()
        row._state.adding = True  # noqa: SLF001 - documented: so a row is copied
        hold_back_as(row, other, by=by, at=at)
    # What departments are still to hear they hear by a pseudonym that will lead to one of the two.
    heard = Announcement.objects.filter(person_id=shared, number=None).values_list("department", flat=True)
    subjects_of({(department, shared) for department in heard})
    return ended
