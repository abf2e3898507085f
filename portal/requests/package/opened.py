"""What stands sealed in the portal's own rows, opened for the person's own copy; bodies of files are files of it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from consents.usecases.queries.sealed import said_with
from datasources.transfers.arriving.sealing import key_in, opened_files
from datasources.transfers.arriving.sealing import opened_thing as arrived_thing
from datasources.wearables.mhealth import data_point
from datasources.wearables.models import KeptRoute
from datasources.wearables.points import Measure
from datasources.wearables.queries.routes import route_in, told_in
from datasources.wearables.queries.sealed import opened_figures, opened_thing
from datasources.wearables.routes.gpx import gpx_of
from portal.cities import city
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.people.actions import email_of, identity_code_of, names_of
from portal.requests.correcting import evidence_in
from portal.requests.correcting import told_in as correction_in
from portal.requests.erasing.told import opened_of
from portal.requests.models import Evidence, PartFile
from portal.requests.queries import found_place, said_place

# (row, the person's key) -> what the column says; called where both are there.
Opener = Callable[[Any, bytes], Any]


def _said(part: str) -> Opener:
    column = f"sealed_{part}"
    return lambda row, key: unseal(key, bytes(getattr(row, column)), aad=said_place(row.pk, part)).decode()


def _of_plan(column: str) -> Opener:
    return lambda row, _: msgspec.json.decode(opened_of(row, column))


def _thing(part: str) -> Opener:
    column = f"sealed_{part}"
    return lambda row, key: opened_thing(getattr(row, column), part, of=row.pk, person=row.person_id, key=key)


def _figures(row: Any, key: bytes) -> Any:
    measure = Measure(row.measure)
    figures = opened_figures(row.sealed, person=row.person_id, measure=measure, year=row.year, key=key)
    return [data_point(each) for each in figures]


def _route_told(row: Any, key: bytes) -> Any:
    told = told_in(row, key)
    return msgspec.to_builtins(told) if told else None


def _of_arrival(row: Any, key: bytes) -> Any:
    own = key_in(row.sealed_key, of=row.pk, under=key)
    return arrived_thing(row.sealed_report, "report", of=row.pk, key=own)


def _told_of_item(row: Any, key: bytes) -> Any:
    own = key_in(row.sealed_key, of=row.pk, under=key)
    return arrived_thing(row.sealed_told, "told", of=row.pk, key=own)


def _body_of_item(row: Any, key: bytes) -> Any:
    own = key_in(row.sealed_key, of=row.pk, under=key)
    files = opened_files(row.sealed_body, of=row.pk, key=own)
    return {name: msgspec.json.decode(content) for name, content in files.items()}


def _file(row: Any, _: bytes) -> str:
    return file_name(row)


# By table: under which key it is sealed, and how each sealed column opens.
OPENED: Mapping[str, tuple[KeyScope, Mapping[str, Opener]]] = {
    "people.Person": (
        KeyScope.IDENTITY,
        {
            "sealed_identity_code": lambda row, _: identity_code_of(row),
            "sealed_names": lambda row, _: dict(vars(names_of(row))),
            "sealed_email": lambda row, _: email_of(row),
        },
    ),
    "requests.Request": (KeyScope.REQUESTS, {"sealed_said": _said("said"), "sealed_answer": _said("answer")}),
    "requests.Correction": (
        KeyScope.REQUESTS,
        {"sealed_told": lambda row, key: msgspec.to_builtins(correction_in(row, key))},
    ),
    "requests.Evidence": (
        KeyScope.REQUESTS,
        {"sealed_name": lambda row, key: evidence_in(row, "name", key).decode(), "sealed_body": _file},
    ),
    "requests.PartFile": (KeyScope.REQUESTS, {"sealed_body": _file}),
    "erasing.Plan": (
        KeyScope.REQUESTS,
        {"sealed_told": _of_plan("sealed_told"), "sealed_receipt": _of_plan("sealed_receipt")},
    ),
    "usecases.Word": (
        KeyScope.REQUESTS,
        {"sealed_said": lambda row, key: said_with(row, key).model_dump(), "case": lambda row, _: row.case.slug},
    ),
    "transfers.Arrival": (KeyScope.BROUGHT, {"sealed_report": _of_arrival}),
    "transfers.Item": (KeyScope.BROUGHT, {"sealed_told": _told_of_item, "sealed_body": _body_of_item}),
    "wearables.Import": (KeyScope.BROUGHT, {"sealed_report": _thing("report")}),
    "wearables.Figures": (KeyScope.BROUGHT, {"sealed": _figures}),
    "wearables.KeptRoute": (
        KeyScope.BROUGHT,
        {"sealed_told": _route_told, "sealed_places": lambda row, _: route_file(row.pk)},
    ),
    "wearables.Choice": (
        KeyScope.BROUGHT,
        {"sealed_area": _thing("area"), "sealed_priority": _thing("priority")},
    ),
}


def file_name(row: Evidence | PartFile) -> str:
    """Where the file stands in the package: by its number, so that no name of a file leads anywhere."""
    return f"files/{row.pk}.{row.kind}"


def route_file(route: UUID) -> str:
    """Where a route stands in the package."""
    return f"routes/{route}.gpx"


def routes_kept(person: UUID) -> Iterator[tuple[str, bytes]]:
    """(name in the package, GPX) of each route that the person keeps for themselves, one at a time.

    Within the person's scope.
    """
    key = existing_person_keys([person], KeyScope.BROUGHT).get(person)
    if key is None:
        return
    for row in KeptRoute.objects.filter(person_id=person).order_by("pk").iterator(1):
        if route := route_in(row, key):
            yield route_file(row.pk), gpx_of(route, creator=str(city().portal_name))


def files_kept(person: UUID) -> Iterator[tuple[str, bytes]]:
    """(name in the package, bytes) of what the person sent along and of what was found for them, one at a time.

    Within the person's scope.
    """
    key = existing_person_keys([person], KeyScope.REQUESTS).get(person)
    if key is None:
        return
    for sent in Evidence.objects.filter(person_id=person).order_by("pk").iterator(1):
        yield file_name(sent), evidence_in(sent, "body", key)
    for found in PartFile.objects.filter(person_id=person).order_by("pk").iterator(1):
        yield file_name(found), unseal(key, bytes(found.sealed_body), aad=found_place(found.pk))
