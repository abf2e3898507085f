"""What came of a file, in a sentence, and in counts that add up."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from datasources.wearables.enums import ImportFault, ImportState
from datasources.wearables.queries.imports import Brought, ImportReport
from datasources.wearables.texts import APARTS, PASSED_OVER, TROUBLES
from datasources.wearables.troubles import Trouble
from portal.pages.measured import whole_text


@dataclass(frozen=True)
class Counted:
    """Points of one kind: which, and how many."""

    why: str | Promise
    count: str


def told_of(row: Brought, report: ImportReport | None = None) -> str:
    """How far it is, or what came of it."""
    if row.state == ImportState.FAILED:
        return fault_text(row.fault)
    if row.state == ImportState.ARRIVING:
        return gettext("The file is arriving.")
    if row.state == ImportState.WAITING:
        return gettext("The file is here and waits to be read.")
    if row.state == ImportState.READING:
        return gettext("The file is being read. %(n)s measurements so far.") % {"n": whole_text(row.points_read)}
    if report is None:
        return gettext("The file was read.")
    added = ngettext("%(n)s measurement was added.", "%(n)s measurements were added.", report.report.added) % {
        "n": whole_text(report.report.added)
    }
    left = report.set_apart
    apart = ngettext("%(n)s was left out.", "%(n)s were left out.", left) % {"n": whole_text(left)} if left else ""
    return f"{added} {apart}".rstrip()


def fault_text(fault: str) -> str:
    """Why nothing came of it, and what to do."""
    if fault in set(Trouble):
        return str(TROUBLES[Trouble(fault)])
    return str(ImportFault(fault).label) if fault in ImportFault.values else str(ImportFault.OTHER.label)


def left_out(report: ImportReport) -> list[Counted]:
    """Every reason, in the order of its words."""
    return [Counted(APARTS[why], whole_text(count)) for why, count in sorted(report.report.apart.items()) if count]


def passed_over(report: ImportReport) -> list[str | Promise]:
    """What else the file told, in words."""
    return [PASSED_OVER[each] for each in report.report.passed_over]


def counts_of(report: ImportReport) -> list[Counted]:
    """What became of every measurement in the file; the first is the sum of the others."""
    told = report.report
    return [
        Counted(gettext("Measurements in the file"), whole_text(told.read)),
        Counted(gettext("Added"), whole_text(told.added)),
        Counted(gettext("Were here before"), whole_text(told.merged)),
        Counted(gettext("Left out"), whole_text(report.set_apart)),
    ]
