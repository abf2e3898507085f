"""What a keeper may change: the rows of their own departments."""

from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Department, Register
from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.staff.manners import NoAddingNorDeleting

M = TypeVar("M", bound=Model)
# From what a row may stand under to its department.
_UP: dict[type[Model], str] = {Department: "", Register: "department", Dataset: "register.department"}


class OfDepartment(NoAddingNorDeleting[M]):
    """What a keeper changes: of their own departments only, and each change leaves an entry.

    `its_department` leads from a row to its department, by dots; `is_made_here` lets keepers add rows, and `once` names
    what is only told when a row is made.
    """

    told: ClassVar[SourcesEntry] = SourcesEntry.CATALOGUE_CHANGED
    its_department: ClassVar[str] = ""
    is_made_here: ClassVar[bool] = False
    once: ClassVar[tuple[str, ...]] = ()

    def department_of(self, row: Any) -> str:
        """The slug of the department that the row belongs to."""
        slug: str = attrgetter(f"{self.its_department}.slug".lstrip("."))(row)
        return slug

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Under what their own departments have."""
        return self.is_made_here and admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another department's rows are looked at only."""
        return super().has_change_permission(request, obj) and (obj is None or self.is_theirs(request, obj))

    def is_theirs(self, request: HttpRequest, row: Any) -> bool:
        """The row belongs to one of the departments of whoever asks."""
        departments = getattr(request.user, "departments", [])
        return "*" in departments or self.department_of(row) in departments

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What programs and addresses know a row by is not changed any more."""
        return (*super().get_readonly_fields(request, obj), *(self.once if obj else ()))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What a new row may stand under: what one's own departments have now."""
        departments, model = getattr(request.user, "departments", []), db_field.related_model
        shown = model._default_manager.filter(retired_at=None)
        if "*" not in departments:
            way = "__".join([*filter(None, _UP[model].split(".")), "slug__in"])
            shown = shown.filter(**{way: departments})
        return super().formfield_for_foreignkey(db_field, request, **(kwargs | {"queryset": shown}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The row and its entry in one transaction; what was changed, and never to what."""
        if form.changed_data and "kept_here" not in form.changed_data:
            obj.kept_here = True
        super().save_model(request, obj, form, change)
        self.tell(request, obj, form.changed_data)

    def tell(self, request: HttpRequest, row: Any, changed: list[str]) -> None:
        """The entry of a row that was saved."""
        department = self.department_of(row)
        record(
            self.told,
            by=actor_of(request, unit=department),
            at=timezone.now(),
            department=department,
            reference=f"{row._meta.model_name} {row.slug}",
            counts={"fields": sorted(changed)},
        )
