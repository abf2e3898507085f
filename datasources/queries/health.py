"""How a department system is, in a sentence of the language in force; nothing that would help to attack it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from datasources.connectors.push.shape import settings_of
from datasources.enums import ConnectorKind
from datasources.models import Department, Pull, PullKind, Source
from datasources.rules.health import Health, health_of
from portal.i18n.dates import moment_text


def health_of_department(department: Department, *, at: datetime) -> str:
    """How the system is that the department's data come from; nothing when none is connected. One query."""
    shown = Source.objects.filter(department=department).order_by("-switched_on", "slug")
    source = shown.only("kind", "settings", "switched_on", "failures", "last_success_at").first()
    return health_text(source, at=at) if source else ""


def health_text(source: Source, *, at: datetime) -> str:
    """For keepers and for everyone."""
    is_asked = ConnectorKind(source.kind).is_asked
    return _of_one_that_is_read(source, at=at) if is_asked else _of_a_sender(source, at=at)


def _of_one_that_is_read(source: Source, *, at: datetime) -> str:
    found = health_of(
        switched_on=source.switched_on, failures=source.failures, last_success_at=source.last_success_at, at=at
    )
    last = moment_text(source.last_success_at) if source.last_success_at else ""
    match found:
        case Health.OFF:
            return _("It is not read at the moment.")
        case Health.NEVER:
            return _("It has not been read yet.")
        case Health.FAILING if not last:
            return _("It has not answered yet.")
        case Health.FAILING:
            return _("It has not answered lately. It was last read %(at)s.") % {"at": last}
        case Health.OVERDUE:
            return _("It was last read %(at)s, which is longer ago than it should be.") % {"at": last}
    return _("It was last read %(at)s.") % {"at": last}


def _of_a_sender(source: Source, *, at: datetime) -> str:
    found = health_of(
        switched_on=source.switched_on,
        failures=source.failures,
        last_success_at=source.last_success_at,
        at=at,
        overdue_after=timedelta(hours=settings_of(source.settings).promised_hours),
    )
    last = moment_text(source.last_success_at) if source.last_success_at else ""
    match found:
        case Health.OFF:
            return _("Nothing is taken from it at the moment.")
        case Health.NEVER:
            return _("It has not sent anything yet.")
        case Health.OVERDUE:
            return _("It last sent records %(at)s, which is longer ago than it promised.") % {"at": last}
    return _("It last sent records %(at)s.") % {"at": last}


def push_text(source: Source) -> str:
    """What a source that sends sent last, by counts of lines; a dash when it sent nothing. Within the staff's scope."""
    last = Pull.objects.filter(source=source, kind=PullKind.SENT).order_by("-started_at").first()
    if last is None:
        return "–"
    return _(
        "%(at)s: %(received)s lines, of which %(changed)s changed a record, %(removed)s deleted one, %(unchanged)s "
        "changed nothing, %(passed_over)s were about people who do not use the service, and %(rejected)s could not be "
        "taken."
    ) % {
        "at": moment_text(last.started_at),
        "received": last.rows_read,
        "changed": last.changed,
        "removed": last.removed,
        "unchanged": last.unchanged,
        "passed_over": last.people_passed_over,
        "rejected": last.rejected,
    }
