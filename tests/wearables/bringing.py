"""A person who brings a watch's file, without a browser's parts: for tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.requesting import request_consent
from consents.actions.traces import Shown
from consents.models import Consent, Purpose
from datasources.wearables.actions.reading import read_import
from datasources.wearables.enums import KEEPING
from datasources.wearables.models import Import
from datasources.wearables.queries.routes import Listed, routes_of
from portal.ledger.actor import resident, system
from portal.walls import Role, scope
from tests.residents import Resident

WORKER = system("tests")


def allow(one: Resident, purpose: str = KEEPING, *, optional: tuple[str, ...] = ()) -> Consent:
    """They say yes."""
    now, by = timezone.now(), resident(one.person)
    with scope(Role.RESIDENT, persons=[one.person]):
        asked = Purpose.objects.get(slug=purpose)
        consent = request_consent(asked, person=one.person, by=by, at=now, asked_for=True)
        return give(consent.pk, shown=Shown(consent.text_id, "fi"), optional=optional, by=by, at=now)


def bring(one: Resident, content: bytes, name: str = "export.zip", *, routes: bool = False) -> Any:
    """By the plain form, with the box of routes ticked or not; the answer."""
    told = {"routes": "keep"} if routes else {}
    return one.browser.post("/fi/devices/upload/", {"file": SimpleUploadedFile(name, content), **told})


def read_all(one: Resident) -> Import:
    """What waits is read, as a worker does; the newest file afterwards."""
    with scope(Role.WORKER):
        waiting = list(Import.objects.filter(person_id=one.person, state="waiting").order_by("id"))
    for row in waiting:
        read_import(row.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    return newest(one.person)


def routes_kept(one: Resident) -> list[Listed]:
    """By this resident, the newest first."""
    with scope(Role.RESIDENT, persons=[one.person]):
        return routes_of(one.person)


def newest(person: UUID) -> Import:
    with scope(Role.WORKER):
        return Import.objects.filter(person_id=person).order_by("-id")[0]


def days_ago(number: int) -> date:
    return (datetime.now(UTC) - timedelta(days=number)).date()
