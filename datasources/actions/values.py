"""Values that a keeper looks at before a source is let in: held sealed, shown once, told to those they are about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from datasources.errors import Garbled, MisSet
from datasources.kinds import SourcesEntry
from datasources.models import Source, Trial
from datasources.protocol import Holding
from datasources.queries.trials import values_place
from portal.jobs.outbox import after_commit
from portal.keys.seals import seal_by_ring, unseal_by_ring
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.queries import found_by_code, people_by_index
from portal.walls import Role, scope

HELD_FOR = timedelta(minutes=15)
_LONGEST = 60

Item = dict[str, Any]


class NotShown(MisSet):
    """The values are gone: they were shown once, or their time is over, or somebody else asked for them."""


def decoded(body: bytes) -> dict[str, Any]:
    """A holding's body, opened; Garbled when the system sent what is no text."""
    try:
        told: dict[str, Any] = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Garbled("What the system sends cannot be read.") from None
    return told


def values_of(dataset: str, holdings: Sequence[Holding], *, rows: int) -> Item:
    """`{dataset, columns, people, keys}`: a few rows of each person as text. `keys` never leave this room."""
    bodies = [decoded(holding.body) for holding in holdings]
    people = [[list(map(_text, row)) for row in islice(zip(*body["values"], strict=True), rows)] for body in bodies]
    columns = bodies[0]["columns"] if bodies else []
    return {"dataset": dataset, "columns": columns, "people": people, "keys": [holding.key for holding in holdings]}


def hold_values(trial: Trial, items: list[Item], *, at: datetime) -> bytes:
    """Sealed until they are shown, for a quarter of an hour; within the worker's scope.

    Identity codes are left out; who of the people has a log here is kept, so that the showing can be told to them.
    """
    known = people_by_index(active_at=None)
    held = [{name: told for name, told in item.items() if name != "keys"} for item in items]
    for item, told in zip(items, held, strict=True):
        found = [found_by_code(known, key) for key in item["keys"]]
        told["persons"] = [str(person) for person in found if person is not None]
    after_commit("datasources.forget_values", due_at=at + HELD_FOR, trial_id=trial.pk)
    return seal_by_ring("sources", msgspec.json.encode(held), aad=values_place(trial))


def show_values(source: Source, trial_id: UUID, *, by: Actor, at: datetime) -> list[Item]:
    """The values, once and never again, within the staff's scope; everyone who has a log here finds it there.

    NotShown when they are gone, and to anyone but whoever asked for them.
    """
    trial = Trial.objects.select_for_update().filter(source=source, pk=trial_id, asked_by=by.id).first()
    if trial is None or trial.sealed_values is None or trial.ended_at is None or at - trial.ended_at > HELD_FOR:
        raise NotShown("The values are not here any more.")
    items: list[Item] = msgspec.json.decode(
        unseal_by_ring("sources", bytes(trial.sealed_values), aad=values_place(trial))
    )
    trial.sealed_values = None
    trial.save(update_fields=["sealed_values"])
    about: dict[UUID | None, list[str]] = {None: [item["dataset"] for item in items]}
    for item in items:
        for person in item.pop("persons"):
            about.setdefault(UUID(person), []).append(item["dataset"])
    with scope(Role.STAFF, persons=filter(None, about), departments=[source.department.slug]):
        for subject, datasets in about.items():
            record(
                SourcesEntry.VALUES_SHOWN,
                by=by,
                at=at,
                about=subject,
                department=source.department.slug,
                datasets=datasets,
                reference=f"source {source.slug} {trial.pk}",
                details={"reason": trial.reason},
            )
    return items


def forget_values(trial_id: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody looked in time: the values go."""
    with scope(Role.WORKER):
        Trial.objects.filter(pk=trial_id).update(sealed_values=None)


def _text(value: Any) -> str:
    told = "" if value is None else str(value)
    return told if len(told) <= _LONGEST else told[:_LONGEST] + "…"
