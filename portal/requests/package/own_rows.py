"""The portal's own rows about a person: every column that policy.toml exports, and no other.

What stands sealed is opened. Where a row's content is a file of its own in the package, the column says which.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import Exists, Model, QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.people.models import Person
from portal.privacy.checks import policy
from portal.requests.package.opened import OPENED

Row = dict[str, Any]
# By which column a table's rows are somebody's.
WHOSE: Mapping[str, str] = {
    "people.Person": "id",
    "people.ActingRight": "person_id",
    "people.User": "person_id",
    "keys.PersonKey": "person_id",
    "consents.Consent": "person_id",
    "consents.ConsentEvent": "person_id",
    "consents.Receipt": "person_id",
    "consents.Telling": "person_id",
    "notices.LetterChoice": "person_id",
    "notices.Letter": "person_id",
    "notices.Notice": "person_id",
    "requests.Request": "person_id",
    "requests.Part": "person_id",
    "requests.Package": "person_id",
    "requests.Leaving": "person_id",
    "requests.HandOver": "person_id",
    "requests.PartFile": "person_id",
    "requests.Correction": "person_id",
    "requests.Evidence": "person_id",
    "requests.Breach": "told__person_id",
    "requests.BreachTold": "person_id",
    "consents.Restriction": "person_id",
    "datasources.NotCopied": "person_id",
    "erasing.Plan": "person_id",
    "erasing.LegalHold": "person_id",
    "erasing.Erased": "person_id",
    "life.LifeChange": "person_id",
    "wearables.Import": "person_id",
    "wearables.Figures": "person_id",
    "wearables.KeptRoute": "person_id",
    "wearables.Choice": "person_id",
    "wearables.Tie": "person_id",
    "usecases.Word": "person_id",
    "usecases.Support": "person_id",
    "usecases.Follow": "person_id",
    "usecases.Report": "person_id",
    "transfers.Arrival": "person_id",
    "transfers.Item": "person_id",
}
# Log-ins stand outside the walls, where only the application itself reaches them.
OUTSIDE = ("usersessions.UserSession", "socialaccount.SocialAccount")
_ONLY: Mapping[str, Mapping[str, Any]] = {
    "keys.PersonKey": {"destroyed_at__isnull": False},
    "requests.Package": {"size__gt": 0},
}
# What a row points to, by a name that says something.
_SAID_BY: Mapping[str, str] = {"purpose": "purpose__slug", "text": "text__version", "case": "case__slug"}
# Told in files of their own, whole: what registers hold, and the log.
ELSEWHERE = ("datasources.Sheet", "ledger.Entry")


@dataclass(frozen=True)
class OwnTable:
    """The rows of one table, each column by its name."""

    label: str
    rows: list[Row]


def exported(label: str) -> list[str]:
    """The columns of a table that go into the person's own copy."""
    return [name for name, row in policy()[label].items() if row["export"]]


def rows_inside(person: UUID) -> Iterator[OwnTable]:
    """Of every table behind the walls in which they have any; within the person's scope."""
    scopes = {scope for scope, _ in OPENED.values()}
    keys = {scope: existing_person_keys([person], scope).get(person) for scope in scopes}
    theirs = {label: apps.get_model(label)._default_manager.filter(**{WHOSE[label]: person}) for label in WHOSE}
    # Of most tables most people have nothing: one statement tells which.
    [held] = Person.objects.filter(pk=person).values_list(*(Exists(rows) for rows in theirs.values()))
    for (label, rows), has_some in zip(theirs.items(), held, strict=True):
        if has_some:
            yield OwnTable(label, _rows_of(rows, label, keys))


def rows_outside(person: UUID) -> list[OwnTable]:
    """Of the tables that hold log-ins; outside every scope."""
    users = {"user__person_id": person}
    found: list[tuple[str, QuerySet[Any]]] = [
        ("usersessions.UserSession", UserSession.objects.filter(**users)),
        ("socialaccount.SocialAccount", SocialAccount.objects.filter(**users)),
    ]
    return [OwnTable(label, list(rows.values(*exported(label)))) for label, rows in found]


def _rows_of(rows: QuerySet[Model], label: str, keys: Mapping[KeyScope, bytes | None]) -> list[Row]:
    columns = exported(label)
    if label in OPENED:
        return [_opened(row, columns, keys) for row in rows]
    # Keys that stand are nothing that is told; nor is the package that is being written.
    kept = rows.filter(**_ONLY.get(label, {}))
    # A receipt is a file: what its row seals is named, not read.
    points = {field.name for field in rows.model._meta.fields if field.is_relation}
    names = {name: _SAID_BY.get(name, name) if name in points else name for name in columns if name != "sealed"}
    told = [dict(zip(names, row, strict=True)) for row in kept.values_list(*names.values())]
    return [row | {"file": receipt_file(row["id"])} for row in told] if "sealed" in columns else told


def receipt_file(receipt: UUID) -> str:
    """Where a receipt stands in the package."""
    return f"receipts/{receipt}.json"


def _opened(row: Any, columns: list[str], keys: Mapping[KeyScope, bytes | None]) -> Row:
    scope, openers = OPENED[row._meta.label]
    key = keys[scope]
    told: Row = {}
    for name in columns:
        if (opener := openers.get(name)) is None:
            told[told_name(name)] = getattr(row, name)
        else:
            told[told_name(name)] = opener(row, key) if key and getattr(row, name) is not None else None
    return told


def told_name(column: str) -> str:
    """How a column is called where what was sealed in it is open."""
    return "content" if column == "sealed" else column.removeprefix("sealed_")
