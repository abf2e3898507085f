"""What somebody may choose to take along, as the page shows it: by the same rules as all other pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext

from datasources.enums import Connection
from datasources.queries.holdings import DatasetCard, DepartmentCard, RegisterCard
from datasources.queries.sheets import sheets_of
from datasources.rules.showing import Record
from datasources.transfers.arriving.items import accepted_items
from datasources.transfers.package.shape import Label
from datasources.wearables.points import Measure
from datasources.wearables.queries.figures import held_by
from portal.i18n.dates import day_text
from portal.pages.door import ResidentRequest
from portal.pages.leaving.labels import (
    Told,
    accepted_told,
    brought_told,
    label_told,
    moving_facts,
    others_told,
    permissions_told,
)
from portal.pages.matters import consents, departments
from portal.pages.measured import NAMES
from portal.pages.other_cities import city_named

# Names of items that no dataset of the catalogue has.
FIGURES, PERMISSIONS, ACCEPTED = "watch-and-phone", "permissions", "accepted:"
_FIRST = 3


@dataclass(frozen=True)
class Carriable:
    """One line to choose, or to read where there is nothing to choose (`name` empty)."""

    name: str
    title: str
    where: str
    told: Told
    rows: int = 0
    as_of: datetime | None = None
    url: str = ""
    first: tuple[Record, ...] = field(default=(), repr=False)
    lines: tuple[str, ...] = ()
    route: str = ""

    @property
    def more(self) -> int:
        """Records that are not shown at once."""
        return self.rows - len(self.first) if self.first else 0


@dataclass(frozen=True)
class Offer:
    """`mine`: what can be chosen, with what may be taken along by right first. `elsewhere`: what is only told of.

    `arriving`: names of the departments that are being asked, so that more may come.
    """

    mine: tuple[Carriable, ...]
    elsewhere: tuple[Carriable, ...]
    arriving: tuple[str, ...] = ()

    @property
    def names(self) -> list[tuple[str, str]]:
        """(name, title) of each that can be chosen."""
        return [(each.name, each.title) for each in self.mine]

    def said(self, chosen: Sequence[str]) -> list[str]:
        """What was chosen, in words."""
        return [f"{each.where}: {each.title}" for each in self.mine if each.name in chosen]


def offer_to(request: ResidentRequest) -> Offer:
    """Everything that whoever looks may take along. As many statements for three datasets as for one."""
    found = departments(request)
    mine = [*_held(request, found), *_brought(request), *_accepted(request), *_permissions(request)]
    order = list(Label)
    return Offer(
        tuple(sorted(mine, key=lambda each: order.index(each.told.label))),
        tuple(_elsewhere(found)),
        tuple(department.everyday_name for department in found if department.arriving),
    )


def _cards(found: Sequence[DepartmentCard]) -> Iterator[tuple[DepartmentCard, RegisterCard, DatasetCard]]:
    for department in found:
        for register in department.registers:
            for card in register.datasets:
                yield department, register, card


def _held(request: ResidentRequest, found: Sequence[DepartmentCard]) -> Iterator[Carriable]:
    held = [line for line in _cards(found) if line[2].row_count and line[1].connection == Connection.CONNECTED]
    sheets = sheets_of(request.person, [card.slug for _, _, card in held])
    for department, register, card in held:
        sheet = sheets.get(card.slug)
        yield Carriable(
            name=card.slug,
            title=card.name,
            where=department.everyday_name,
            told=label_told(card.slug, register.register.basis),
            rows=card.row_count,
            as_of=card.pulled_at,
            url=reverse("category", args=[department.slug, card.slug]),
            first=tuple(islice(sheet.records, _FIRST)) if sheet else (),
        )


def _brought(request: ResidentRequest) -> Iterator[Carriable]:
    """What came from a watch or phone is its person's alone."""
    if request.power is not None:
        return
    held = held_by(request.person)
    if held.figures:
        days = held.days()
        yield Carriable(
            name=FIGURES,
            title=gettext("Data from your watch and phone"),
            where=gettext("Brought by you"),
            told=brought_told(),
            rows=len(held.figures),
            as_of=held.changed_at,
            url=reverse("devices"),
            lines=(
                *(str(NAMES[measure]) for measure in Measure if measure in days),
                gettext("Routes are not in it. You can download them on their own page."),
            ),
        )


def _accepted(request: ResidentRequest) -> Iterator[Carriable]:
    """What they accepted from another city, theirs alone as well; it goes on as it came."""
    if request.power is not None:
        return
    for each in accepted_items(request.person):
        city = city_named(each.row.issuer)
        yield Carriable(
            name=f"{ACCEPTED}{each.row.pk}",
            title=str(each.told.title),
            where=gettext("From %(city)s, %(day)s") % {"city": city, "day": day_text(each.row.issued_at)},
            told=accepted_told(),
            rows=each.row.row_count,
            as_of=each.told.as_of,
            url=reverse("kept_item", args=[each.row.pk]),
        )


def _permissions(request: ResidentRequest) -> Iterator[Carriable]:
    rows = list(consents(request))
    if rows:
        yield Carriable(
            name=PERMISSIONS,
            title=gettext("Your permissions") if request.power is None else gettext("The permissions"),
            where=gettext("This service"),
            told=permissions_told(),
            rows=len(rows),
            url=reverse("permissions"),
        )


def _elsewhere(found: Sequence[DepartmentCard]) -> Iterator[Carriable]:
    """What is not held here: it moves or stays by law all the same, or belongs to somebody else."""
    facts = moving_facts()
    for department, register, card in _cards(found):
        if register.connection == Connection.NOT_OURS:
            told = others_told()
        elif register.connection == Connection.NOT_YET and card.slug in facts:
            told = label_told(card.slug, register.register.basis)
        else:
            continue
        yield Carriable("", card.name, department.everyday_name, told, route=register.register.route)
