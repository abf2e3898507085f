"""What a keeper may change: the rows of their own departments."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from datasources.kinds import SourcesEntry
from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.staff.manners import NoAddingNorDeleting

M = TypeVar("M", bound=Model)


class OfDepartment(NoAddingNorDeleting[M]):
    """What a keeper changes: of their own departments only, and each change leaves an entry."""

    told: ClassVar[SourcesEntry] = SourcesEntry.CATALOGUE_CHANGED

    @staticmethod
    def department_of(row: Any) -> str:
        """The slug of the department that the row belongs to."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another department's rows are looked at only."""
        return super().has_change_permission(request, obj) and (obj is None or self.is_theirs(request, obj))

    def is_theirs(self, request: HttpRequest, row: Any) -> bool:
        """The row belongs to one of the departments of whoever asks."""
        departments = getattr(request.user, "departments", [])
        return "*" in departments or self.department_of(row) in departments

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The row and its entry in one transaction; what was changed, and never to what."""
        super().save_model(request, obj, form, change)
        department = self.department_of(obj)
        record(
            self.told,
            by=actor_of(request, unit=department),
            at=timezone.now(),
            department=department,
            reference=f"{obj._meta.model_name} {obj.slug}",
            counts={"fields": sorted(form.changed_data)},
        )
