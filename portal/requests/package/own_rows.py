"""The portal's own rows about a person: every column that policy.toml exports, and no other.

What stands sealed is opened. Where a row's content is a file of its own in the package, the column says which.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import Model, QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.people.actions import email_of, identity_code_of, names_of
from portal.people.models import Person
from portal.privacy.checks import policy
from portal.requests.models import Request
from portal.requests.queries import said_place

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
}
# Log-ins stand outside the walls, where only the application itself reaches them.
OUTSIDE = ("usersessions.UserSession", "socialaccount.SocialAccount")
_ONLY: Mapping[str, Mapping[str, Any]] = {
    "keys.PersonKey": {"destroyed_at__isnull": False},
    "requests.Package": {"size__gt": 0},
}
# What a row points to, by a name that says something.
_SAID_BY: Mapping[str, str] = {"purpose": "purpose__slug", "text": "text__version"}
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
    """Of every table behind the walls; within the person's scope."""
    keys = {
        scope: existing_person_keys([person], scope).get(person) for scope in (KeyScope.IDENTITY, KeyScope.REQUESTS)
    }
    for label, column in WHOSE.items():
        model = apps.get_model(label)
        rows = model._default_manager.filter(**{column: person})
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
    if label in _OPENED:
        return [_opened(row, columns, keys) for row in rows]
    # Keys that stand are nothing that is told; nor is the package that is being written.
    kept = rows.filter(**_ONLY.get(label, {}))
    # A receipt is a file: what its row seals is named, not read.
    names = {name: _SAID_BY.get(name, name) for name in columns if name != "sealed"}
    told = [dict(zip(names, row, strict=True)) for row in kept.values_list(*names.values())]
    return [row | {"file": receipt_file(row["id"])} for row in told] if "sealed" in columns else told


def receipt_file(receipt: UUID) -> str:
    """Where a receipt stands in the package."""
    return f"receipts/{receipt}.json"


def _opened(row: Any, columns: list[str], keys: Mapping[KeyScope, bytes | None]) -> Row:
    openers = _OPENED[row._meta.label]
    told: Row = {}
    for name in columns:
        if opener := openers.get(name):
            told[name.removeprefix("sealed_")] = opener(row, keys)
        else:
            told[name] = getattr(row, name)
    return told


Opener = Callable[[Any, Mapping[KeyScope, bytes | None]], Any]


def _of_person(read: Callable[..., Any]) -> Opener:
    def opened(row: Person, keys: Mapping[KeyScope, bytes | None]) -> Any:
        return read(row) if keys[KeyScope.IDENTITY] else None

    return opened


def _said(part: str) -> Opener:
    def opened(row: Request, keys: Mapping[KeyScope, bytes | None]) -> str | None:
        sealed, key = getattr(row, f"sealed_{part}"), keys[KeyScope.REQUESTS]
        return unseal(key, bytes(sealed), aad=said_place(row.pk, part)).decode() if sealed and key else None

    return opened


def _names(row: Person) -> dict[str, str]:
    return dict(vars(names_of(row)))


_OPENED: Mapping[str, Mapping[str, Opener]] = {
    "people.Person": {
        "sealed_identity_code": _of_person(identity_code_of),
        "sealed_names": _of_person(_names),
        "sealed_email": _of_person(email_of),
    },
    "requests.Request": {"sealed_said": _said("said"), "sealed_answer": _said("answer")},
}
