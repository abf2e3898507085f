"""Requests of an account that is joined to another go on there, each with its number, its clock and its words.

Whoever answers finds the person where they are now; what stands sealed is sealed anew.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, person_key
from portal.keys.seals import seal, unseal
from portal.people.models import ActingRight
from portal.requests.breach_models import BreachTold
from portal.requests.correcting import evidence_place, told_place
from portal.requests.models import Correction, Evidence, HandOver, Leaving, Part, PartFile, Proposal, Request
from portal.requests.queries import found_place, proposed_place, said_place

# {column: where what it seals stands, by the id of the row}.
Places = Mapping[str, Callable[[UUID], bytes]]
_SEALED: Mapping[type[Model], Places] = {
    Request: {f"sealed_{part}": partial(said_place, part=part) for part in ("said", "answer", "note")},
    Part: {},
    Leaving: {},
    HandOver: {},
    Proposal: {"sealed_answer": proposed_place},
    PartFile: {"sealed_body": found_place},
    Correction: {"sealed_told": told_place},
    Evidence: {f"sealed_{part}": partial(evidence_place, part=part) for part in ("name", "body")},
}
# By what a row knows its request.
_TO_REQUEST: Mapping[type[Model], str] = {Request: "pk", PartFile: "part__request_id"}


def hand_requests(goes: UUID, stays: UUID, only: Collection[UUID]) -> None:
    """These requests, with all that hangs on them. Within the worker's scope of both."""
    for model, places in _SEALED.items():
        join_sealed(model, places, goes, stays, only={_TO_REQUEST.get(model, "request_id"): list(only)})
    asked = Request.objects.filter(pk__in=list(only), asked_by=str(goes))
    asked.update(asked_by=str(stays))


def join_requests(goes: UUID, stays: UUID) -> int:
    """How many requests. Within the worker's scope of both; the rights to act of `goes` are those of `stays` already.

    A person told of a breach under both accounts was told once.
    """
    for model, places in _SEALED.items():
        join_sealed(model, places, goes, stays)
    told = BreachTold.objects.filter(person_id=stays).values_list("breach", flat=True)
    BreachTold.objects.filter(person_id=goes, breach__in=list(told)).delete()
    BreachTold.objects.filter(person_id=goes).update(person_id=stays)
    others = list(ActingRight.objects.filter(actor_id=stays).values_list("person_id", flat=True))
    asked = Request.objects.filter(person_id__in=[stays, *others], asked_by=str(goes))
    return asked.update(asked_by=str(stays))


def join_sealed(
    model: type[Model], places: Places, goes: UUID, stays: UUID, *, only: Mapping[str, list[UUID]] | None = None
) -> None:
    """The rows of one table, or of them `only` those, one after the other, as files may be large.

    What lies under an ended key stays as it is: nobody opens it any more.
    """
    rows = model._default_manager.filter(person_id=goes)
    if only is not None:
        rows = rows.filter(**{f"{column}__in": ids for column, ids in only.items()})
    old = existing_person_keys([goes], KeyScope.REQUESTS).get(goes)
    if places and old is not None:
        for pk in list(rows.values_list("pk", flat=True)):
            [sealed] = rows.filter(pk=pk).values(*places)
            rows.filter(pk=pk).update(**_sealed_anew(sealed, places, pk, old=old, stays=stays))
    rows.update(person_id=stays)


def _sealed_anew(
    sealed: Mapping[str, Any], places: Places, pk: UUID, *, old: bytes, stays: UUID
) -> dict[str, bytes | None]:
    new, anew = person_key(stays, KeyScope.REQUESTS), {}
    for column, place in places.items():
        plain = unseal(old, bytes(sealed[column]), aad=place(pk)) if sealed[column] is not None else None
        anew[column] = None if plain is None else seal(new, plain, aad=place(pk))
    return anew
