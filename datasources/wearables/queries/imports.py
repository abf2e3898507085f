"""What came of each file that a person brought; within a scope that covers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from datasources.wearables.enums import OPEN
from datasources.wearables.models import Import
from datasources.wearables.points import Apart, PassedOver, Report, RouteCounts, RouteLeft
from datasources.wearables.queries.sealed import opened_thing, sealed_thing
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys

_SEALED = ("sealed_key", "sealed_report")


# A row as pages have it, who name no table.
Brought = Import


@dataclass(frozen=True)
class ImportReport:
    """What became of every point in a file."""

    report: Report

    @property
    def set_apart(self) -> int:
        """How many points are part of no figure."""
        return sum(self.report.apart.values())


def imports_of(person: UUID) -> QuerySet[Import]:
    """Every file, the newest first."""
    return Import.objects.filter(person_id=person).defer(*_SEALED).order_by("-id")


def is_one_open(person: UUID) -> bool:
    """A file is arriving, waits or is being read."""
    return Import.objects.filter(person_id=person, state__in=OPEN).exists()


def sealed_report(told: ImportReport, *, of: Import, key: bytes) -> bytes:
    """As it stands in the row."""
    report = told.report
    plain = {
        "read": report.read,
        "added": report.added,
        "merged": report.merged,
        "apart": {kind.value: count for kind, count in report.apart.items()},
        "not_understood": list(report.not_understood),
        "partial": report.partial,
        "formats": list(report.formats),
        "passed_over": list(report.passed_over),
        "routes": msgspec.to_builtins(report.routes),
    }
    return sealed_thing(plain, "report", of=of.pk, person=of.person_id, key=key)


def report_of(row: Import) -> ImportReport | None:
    """None where there is none, or its key has ended."""
    if row.sealed_report is None:
        return None
    key = existing_person_keys([row.person_id], KeyScope.BROUGHT).get(row.person_id)
    if key is None:
        return None
    told: Mapping[str, Any] = opened_thing(row.sealed_report, "report", of=row.pk, person=row.person_id, key=key)
    report = Report(
        read=told["read"],
        added=told["added"],
        merged=told["merged"],
        apart={Apart(kind): count for kind, count in told["apart"].items()},
        not_understood=tuple(told["not_understood"]),
        partial=told["partial"],
        formats=tuple(told["formats"]),
        # Older ones did not say it.
        passed_over=tuple(PassedOver(each) for each in told.get("passed_over", ())),
        routes=_routes(told.get("routes", {})),
    )
    return ImportReport(report)


def _routes(told: Mapping[str, Any]) -> RouteCounts:
    left = {RouteLeft(why): count for why, count in told.get("left", {}).items()}
    return RouteCounts(**{**told, "left": left})


def last_read_at(person: UUID) -> datetime | None:
    """When a file was last read whole or in part."""
    row = Import.objects.filter(person_id=person, state="done").only("ended_at").order_by("-id").first()
    return row.ended_at if row else None
