"""How a department system is, in a sentence of the language in force; nothing that would help to attack it."""

from datetime import datetime

from django.utils.translation import gettext as _

from datasources.models import Department, Source
from datasources.rules.health import Health, health_of
from portal.i18n.dates import moment_text


def health_of_department(department: Department, *, at: datetime) -> str:
    """How the system is that the department's data come from; nothing when none is connected. One query."""
    shown = Source.objects.filter(department=department).order_by("-switched_on", "slug")
    source = shown.only("switched_on", "failures", "last_success_at").first()
    return health_text(source, at=at) if source else ""


def health_text(source: Source, *, at: datetime) -> str:
    """For keepers and for everyone."""
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
