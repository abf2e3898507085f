"""A package of a made-up trusted city, brought by a resident as a browser does: for tests."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from datasources.transfers.arriving.checking import check_arrival
from datasources.transfers.models import Arrival, CityKeys, Item
from datasources.transfers.package.shape import Item as PackageItem
from datasources.transfers.package.shape import Label, PersonDigest, Row
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.residents import CODES, Resident
from tests.transfers.cities import key_told
from tests.transfers.made import CITY, KEY, URL, item, named, package

WORKER = system("tests")
SCHOOL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "school": {"type": "string", "titles": {"fi": "Koulu", "sv": "Skola", "en": "School"}},
        "class": {"type": "string", "titles": {"fi": "Luokka", "sv": "Klass", "en": "Class"}},
        "starts_on": {"type": "string", "titles": {"fi": "Alkaen", "sv": "Från", "en": "From"}},
    },
}
YEARS: list[Row] = [
    {"school": "Kärsämäen koulu", "class": "5B", "starts_on": "2024-08-08"},
    {"school": "Kärsämäen koulu", "class": "6B", "starts_on": "2025-08-07"},
]


def school(rows: Sequence[Row] = YEARS, **bend: Any) -> PackageItem:
    told: dict[str, Any] = {"schema": SCHOOL, "title": named("Oppilaan tiedot"), "label": Label.COPY}
    return item("school-enrolment", rows, **told | bend)


def made(*items: PackageItem, slug: str = "raili", **bend: Any) -> bytes:
    """Signed today by the made-up city, about somebody of the demo."""
    now = timezone.now()
    told: dict[str, Any] = {
        "person": PersonDigest.of(CODES[slug]),
        "issued": now - timedelta(hours=1),
        "expires": now + timedelta(days=3),
    }
    return package(*(items or (school(), item("stamp-albums"))), **told | bend)


def bring(one: Resident, content: bytes, *, language: str = "en") -> Any:
    """By the form; the answer."""
    file = SimpleUploadedFile("package.zip", content)
    return one.browser.post(f"/{language}/move/arrive/upload/", {"file": file})


def check_all(person: UUID) -> Arrival:
    """What waits is checked, as a worker does; the newest package afterwards."""
    with scope(Role.WORKER):
        waiting = list(Arrival.objects.filter(person_id=person, state="waiting").order_by("id"))
    for row in waiting:
        check_arrival(row.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    return newest(person)


def newest(person: UUID) -> Arrival:
    with scope(Role.WORKER):
        return Arrival.objects.filter(person_id=person).order_by("-id")[0]


def brought(one: Resident, content: bytes | None = None) -> list[Item]:
    """A package came and holds: its items."""
    bring(one, content or made())
    row = check_all(one.person)
    assert (row.state, row.fault) == ("ready", "")
    return items(one.person)


def items(person: UUID) -> list[Item]:
    with scope(Role.WORKER):
        return list(Item.objects.filter(person_id=person).order_by("arrival_id", "number"))


def say(one: Resident, pk: object, word: str) -> Any:
    """A button of an item is pressed."""
    return one.browser.post(f"/en/move/arrive/items/{pk}/", {"answer": word})


def page(one: Resident, path: str = "", *, language: str = "en") -> str:
    return str(one.browser.get(f"/{language}/move/arrive/{path}").content.decode())


def told(person: UUID) -> list[str]:
    """What the log tells of it, in order."""
    with scope(Role.WORKER):
        rows = Entry.objects.filter(subject=person, kind__startswith="transfers.").order_by("at", "id")
        return [kind.removeprefix("transfers.") for kind in rows.values_list("kind", flat=True)]


def taken_in(one: Resident, slug: str, folder: Path, **bend: Any) -> Item:
    """The first item of a package that they brought and accepted; Turku's keys are known already."""
    listed = folder / f"trusted-{one.person}.toml"
    names = '{ fi = "Turku", sv = "Åbo", en = "Turku" }'
    listed.write_text(f'[[city]]\nslug = "{CITY}"\nurl = "{URL}"\nname = {names}\n')
    now = timezone.now()
    with scope(Role.WORKER):
        told = {"keys": [key_told(KEY)], "asked_at": now, "fetched_at": now}
        CityKeys.objects.update_or_create(city=CITY, defaults=told)
    with override_settings(TRUSTED_CITIES_FILE=listed, WATCH_SPOOL=folder / "spool"):
        first, *_ = brought(one, made(slug=slug, **bend))
    say(one, first.pk, "accept")
    return first
