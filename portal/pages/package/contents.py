"""The files of a package, one after the other; the page of contents comes last, when all else is counted."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation

from consents.receipts.reading import opened
from datasources.queries.holdings import names_by_slug, register_names
from datasources.queries.sheets import tables_of
from datasources.wearables.queries.routes import count_routes
from portal.cities import city
from portal.pages.door import ResidentRequest
from portal.pages.matters import covers, receipts
from portal.pages.package.log import log_files
from portal.pages.package.own import own_files
from portal.pages.package.summary import Entry, Summary, printed
from portal.pages.package.tables import by_right, files_of, place_of
from portal.pages.package.whose import asking_for
from portal.people.actions import names_of
from portal.people.queries import earlier_of, person_of
from portal.requests.enums import PartState
from portal.requests.models import Part
from portal.requests.package.making import Order, Told
from portal.requests.package.own_rows import receipt_file

File = tuple[str, Iterable[bytes]]
_STYLE = Path(__file__).with_name("style.css").read_bytes()


@dataclass
class _Counted:
    """What was written so far."""

    rows: int = 0
    tables: list[Entry] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)


def contents_of(order: Order) -> Told:
    """What the pages show whoever asked, within the person's scope. NotTheirs when their right to it ended."""
    asking, counted = asking_for(order.request, at=order.at), _Counted()
    return Told(_files(asking, order, counted), lambda: counted.rows)


def _files(asking: ResidentRequest, order: Order, counted: _Counted) -> Iterator[File]:
    with translation.override(order.request.language):
        names = names_of(person_of(asking.person))
        shared = {"city": city(), "whose": f"{names.given} {names.family}".strip(), "order": order}
        shared["own"] = asking.power is None
        yield "style.css", [_STYLE]
        yield from _data(asking, order, shared, counted)
        yield from _receipts(asking, counted)
        yield from log_files(asking, shared, at=order.at)
        if asking.power is None:
            yield from own_files(asking.person, order.log_ins, shared)
            for number, account in enumerate(earlier_of(asking.person), start=1):
                yield from _of_earlier_account(number, account, asking, order, shared, counted)
        yield from _what_is_in_it(asking, order, shared, counted)


def _of_earlier_account(
    number: int,
    account: UUID,
    asking: ResidentRequest,
    order: Order,
    shared: Mapping[str, Any],
    counted: _Counted,
) -> Iterator[File]:
    """What an account that was joined held and was not moved, in a folder: log, the portal's own rows; and receipts."""
    before = copy(asking)
    before.person = account
    counted.earlier.append(number)
    yield from _receipts(before, counted)
    # Pages of a folder look for it one level up.
    yield f"earlier-{number}/style.css", [_STYLE]
    for name, parts in chain(log_files(before, shared, at=order.at), own_files(account, (), shared)):
        yield f"earlier-{number}/{name}", parts


def _data(asking: ResidentRequest, order: Order, shared: Mapping[str, Any], counted: _Counted) -> Iterator[File]:
    for table in tables_of(asking.person):
        register = table.dataset.register
        if covers(asking, register.department.slug):
            counted.rows += table.row_count
            name = f"{register.name}: {table.dataset.name}"
            told = Entry(name, register.department.everyday_name, place_of(table), table.row_count, table.as_of)
            counted.tables.append(told if by_right(table) else told.out_of_courtesy())
            yield from files_of(table, shared, language=order.request.language)


def _receipts(asking: ResidentRequest, counted: _Counted) -> Iterator[File]:
    """As they were signed; the log beside them proves where their entries stand."""
    for row in receipts(asking):
        counted.receipts.append(receipt_file(row.pk))
        yield receipt_file(row.pk), [opened(row).file]


def _what_is_in_it(
    asking: ResidentRequest, order: Order, shared: Mapping[str, Any], counted: _Counted
) -> Iterator[File]:
    told = Summary(
        whose=shared["whose"],
        own=shared["own"],
        number=order.request.number,
        made_at=order.at,
        tables=counted.tables,
        silent=_named(order, PartState.WAITING, PartState.WORKING, PartState.FAILED),
        by_hand=_named(order, PartState.BY_HAND),
        receipts=len(counted.receipts),
    )
    context = {
        **shared,
        "told": told,
        "receipts": counted.receipts,
    }
    context["earlier"] = counted.earlier
    context["routes"] = count_routes(asking.person) if asking.power is None else 0
    yield "index.html", [render_to_string("package/index.html", context).encode()]
    yield "summary.pdf", [printed(told, language=order.request.language)]


def _named(order: Order, *states: PartState) -> list[str]:
    parts = [part for part in order.parts if part.state in states]
    return name_parts(parts)


def name_parts(parts: Iterable[Part]) -> list[str]:
    """What they are called: the department whose system was asked, or the register where a person looks."""
    rows = list(parts)
    if not rows:
        return []
    departments, registers = names_by_slug()[0], register_names()
    told = (
        registers.get(part.source, departments.get(part.department, part.department))
        if part.state == PartState.BY_HAND
        else departments.get(part.department, part.department)
        for part in rows
    )
    return list(dict.fromkeys(told))
