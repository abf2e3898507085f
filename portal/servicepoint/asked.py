"""Whom staff are about to open and why: kept sealed in the session between the two pages, a few minutes at the most."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.http import HttpRequest

from portal.people.actions import Names
from portal.people.session_secrets import keep_about_to_open, who_is_about_to_be_opened

WAITS_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Asked:
    """`reason` is one of `DeskReason`, `case` the number in the case register.

    `acting_code`: of who is at the desk, where they act for the person; `names` as in the identity document of whoever
    is at the desk, where they were never here. `repr` tells neither codes nor names.
    """

    identity_code: str = field(repr=False)
    reason: str
    case: str = ""
    names: Names | None = field(default=None, repr=False)
    acting_code: str = field(default="", repr=False)


class _Kept(msgspec.Struct):
    asked: Asked
    at: datetime


def keep(request: HttpRequest, asked: Asked, *, at: datetime) -> None:
    """Until they press Open, leave it closed, or let the minutes pass."""
    keep_about_to_open(request, msgspec.json.encode(_Kept(asked, at)).decode())


def kept(request: HttpRequest, *, at: datetime) -> Asked | None:
    """None when there is nobody, or it was too long ago."""
    told = who_is_about_to_be_opened(request)
    if not told:
        return None
    found = msgspec.json.decode(told, type=_Kept)
    return found.asked if timedelta(0) <= at - found.at < WAITS_FOR else None


def forget(request: HttpRequest) -> None:
    """Nothing of them is left in the session."""
    keep_about_to_open(request, "")
