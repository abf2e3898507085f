"""What two accounts of one person wrote, support, follow and reported comes under one; nothing counts twice."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Model

from consents.usecases.models import Case
from consents.usecases.queries.sealed import said_with, sealed_said
from consents.usecases.words import Follow, Report, Support, Word
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys


def join_words(goes: UUID, stays: UUID) -> int:
    """How many words. Within the worker's scope of both; what was written under a key that ended stays unread."""
    count = hand_words(goes, stays)
    hand_interest(goes, stays)
    return count


def hand_words(goes: UUID, stays: UUID, *, only: Collection[UUID] | None = None) -> int:
    """What was written, or of it `only` these; how many words. Worker's scope of both."""
    old = existing_person_keys([goes], KeyScope.REQUESTS).get(goes)
    written = Word.objects.select_for_update(of=("self",)).filter(person_id=goes)
    rows = list(written if only is None else written.filter(pk__in=only))
    for row in rows:
        if old is not None and row.sealed_said:
            row.sealed_said = sealed_said(row.pk, said_with(row, old), person=stays)
        row.person_id = stays
        row.save(update_fields=["person_id", "sealed_said"])
    return len(rows)


def hand_interest(goes: UUID, stays: UUID) -> None:
    """What they support, follow and reported. Worker's scope of both."""
    twice = _join(Support, "case_id", goes, stays)
    Case.objects.filter(pk__in=twice, removed_at=None).update(supports=F("supports") - 1)
    _join(Follow, "case_id", goes, stays)
    _join(Report, "comment_id", goes, stays)
    _join(Report, "case_id", goes, stays)


def _join(model: type[Model], what: str, goes: UUID, stays: UUID) -> list[UUID]:
    """Of what both did, that of `stays` stands; what that was of."""
    rows = model._default_manager
    done = set(rows.filter(person_id=stays).values_list(what, flat=True)) - {None}
    theirs = rows.filter(person_id=goes, **{f"{what}__isnull": False})
    twice = list(theirs.filter(**{f"{what}__in": done}).values_list(what, flat=True))
    theirs.filter(**{f"{what}__in": twice}).delete()
    theirs.update(person_id=stays)
    return twice
