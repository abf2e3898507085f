"""What was brought under two accounts of one person comes under one: nothing is lost, and nothing counts twice."""

from datetime import datetime
from uuid import UUID

from datasources.wearables.actions.keeping import Kept
from datasources.wearables.actions.routes import join_routes
from datasources.wearables.holding import file_key, hold, sealed_key
from datasources.wearables.models import Choice, DayBooks, Figures, Import, KeptRoute, Tie
from datasources.wearables.queries.figures import choice_of
from datasources.wearables.queries.sealed import opened_books, opened_thing, sealed_thing
from datasources.wearables.rules.daybook import figures_of, united
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, key_begun

_HELD = (Figures, DayBooks, KeptRoute, Choice, Import, Tie)


def join_brought(goes: UUID, stays: UUID, *, at: datetime) -> int:
    """Seal anew for `stays` what `goes` brought; how many days. Within the worker's scope of both.

    Of one choice or one tie for each, that of `stays` stands.
    """
    for person in sorted((goes, stays)):
        hold(person)
    if not any(model.objects.filter(person_id=goes).exists() for model in _HELD):
        return 0
    old = existing_person_keys([goes], KeyScope.BROUGHT).get(goes)
    if old is None:
        return 0
    new = key_begun(stays, KeyScope.BROUGHT)
    _join_choice(goes, stays, old=old, new=new)
    days = _join_days(goes, stays, old=old, new=new, at=at)
    join_routes(goes, stays, old=old, new=new)
    _join_imports(goes, stays, old=old, new=new)
    _join_ties(goes, stays, old=old, new=new)
    return days


def _join_choice(goes: UUID, stays: UUID, *, old: bytes, new: bytes) -> None:
    row = Choice.objects.filter(person_id=goes).first()
    if row is None:
        return
    if Choice.objects.filter(person_id=stays).exists():
        row.delete()
        return
    for part in ("priority", "area"):
        _seal_anew(row, f"sealed_{part}", part, stays, old=old, new=new)
    row.person_id = stays
    row.save()


def _join_days(goes: UUID, stays: UUID, *, old: bytes, new: bytes, at: datetime) -> int:
    priority, days = choice_of(stays, key=new).priority, 0
    kept = Kept(stays, new, priority=priority)
    for row in DayBooks.objects.filter(person_id=goes).order_by("month"):
        for day, book in opened_books(row.sealed, person=goes, month=row.month, key=old).items():
            there = kept.book(day)
            whole = united(there, book) if there else book
            kept.put(day, whole, figures_of(whole, day, priority))
            days += 1
    kept.write(at=at)
    for model in (DayBooks, Figures):
        model.objects.filter(person_id=goes).delete()
    return days


def _join_imports(goes: UUID, stays: UUID, *, old: bytes, new: bytes) -> None:
    for row in Import.objects.filter(person_id=goes):
        if row.sealed_key is not None:
            row.sealed_key = sealed_key(row.pk, file_key(row), person=stays)
        _seal_anew(row, "sealed_report", "report", stays, old=old, new=new)
        row.person_id = stays
        row.save()


def _join_ties(goes: UUID, stays: UUID, *, old: bytes, new: bytes) -> None:
    tied = set(Tie.objects.filter(person_id=stays).values_list("maker", flat=True))
    for row in Tie.objects.filter(person_id=goes):
        if row.maker in tied:
            # The other end is not told: it may well be the same account that stays tied.
            row.delete()
            continue
        _seal_anew(row, "sealed_tokens", "tokens", stays, old=old, new=new)
        row.person_id = stays
        row.save()


def _seal_anew(row: Choice | Import | Tie, column: str, part: str, stays: UUID, *, old: bytes, new: bytes) -> None:
    """The row still says whose it was."""
    if (sealed := getattr(row, column)) is not None:
        told = opened_thing(sealed, part, of=row.pk, person=row.person_id, key=old)
        setattr(row, column, sealed_thing(told, part, of=row.pk, person=stays, key=new))
