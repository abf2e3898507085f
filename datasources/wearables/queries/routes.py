"""Routes that a person kept for themselves, opened with their own key; within a scope that covers them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from datasources.wearables.models import KeptRoute
from datasources.wearables.points import Device
from datasources.wearables.queries.sealed import opened_thing, sealed_thing
from datasources.wearables.routes.shapes import Place, Route, Told, unpacked
from portal.keys.errors import SealBroken
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import place, seal, unseal

# Hundredths of a degree, about a kilometre: two recordings that begin in the same second and place are the same route.
_NEAR = 2


@dataclass(frozen=True)
class Listed:
    """One of a list; `told` is None where its seal does not open."""

    id: UUID
    told: Told | None


def count_routes(person: UUID) -> int:
    """How many are kept."""
    return KeptRoute.objects.filter(person_id=person).count()


def routes_of(person: UUID, *, key: bytes | None = None) -> list[Listed]:
    """The newest first, those without a time last. Two statements, however many there are."""
    rows = list(KeptRoute.objects.filter(person_id=person).defer("sealed_places"))
    key = key or (existing_person_keys([person], KeyScope.BROUGHT).get(person) if rows else None)
    found = [Listed(row.pk, told_in(row, key)) for row in rows] if key else []
    return sorted(found, key=_when, reverse=True)


def _when(listed: Listed) -> tuple[float, int, str]:
    told = listed.told
    begun = told.begun_at.timestamp() if told and told.begun_at else 0.0
    return begun, told.metres if told else 0, str(listed.id)


def route_of(person: UUID, route: UUID) -> Listed | None:
    """One that is theirs; two statements."""
    row = KeptRoute.objects.filter(person_id=person, pk=route).defer("sealed_places").first()
    key = existing_person_keys([person], KeyScope.BROUGHT).get(person) if row else None
    return Listed(row.pk, told_in(row, key)) if row and key else None


def whole_route(person: UUID, route: UUID) -> Route | None:
    """One that is theirs with its places; None where there is none or its seal does not open. Two statements."""
    row = KeptRoute.objects.filter(person_id=person, pk=route).first()
    key = existing_person_keys([person], KeyScope.BROUGHT).get(person) if row else None
    return route_in(row, key) if row and key else None


def told_in(row: KeptRoute, key: bytes) -> Told | None:
    """None where its seal does not open."""
    try:
        said: Mapping[str, Any] = opened_thing(row.sealed_told, "route", of=row.pk, person=row.person_id, key=key)
    except SealBroken:
        return None
    begun_at = datetime.fromisoformat(said["begun_at"]) if said["begun_at"] else None
    return Told(begun_at, said["seconds"], said["metres"], said["source"], Device(said["device"]))


def route_in(row: KeptRoute, key: bytes) -> Route | None:
    """None where its seal does not open."""
    told = told_in(row, key)
    try:
        body = unseal(key, bytes(row.sealed_places), aad=_places_of(row.pk, row.person_id))
    except SealBroken:
        return None
    return Route(told, unpacked(body)) if told else None


def sealed_route(told: Told, body: bytes, *, of: UUID, person: UUID, key: bytes) -> dict[str, bytes]:
    """The sealed columns of a row `of` this id."""
    said = {
        "begun_at": told.begun_at.isoformat() if told.begun_at else None,
        "seconds": told.seconds,
        "metres": told.metres,
        "source": told.source,
        "device": told.device.value,
    }
    return {
        "sealed_told": sealed_thing(said, "route", of=of, person=person, key=key),
        "sealed_places": seal(key, body, aad=_places_of(of, person)),
    }


def digest_of(told: Told, begin: Place, body: bytes, *, key: bytes) -> bytes:
    """32 bytes, HMAC-SHA256: the same for the same route from another file; without times, for the same line."""
    said = body
    if told.begun_at is not None:
        at = int(told.begun_at.timestamp())
        said = f"{at} {begin.latitude:.{_NEAR}f} {begin.longitude:.{_NEAR}f}".encode()
    return hmac.digest(key, b"wearables.route\x1f" + said, "sha256")


def _places_of(route: UUID, person: UUID) -> bytes:
    return place("wearables", "route_places", person, route)
