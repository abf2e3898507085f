"""Departments, registers, datasets and fields in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from datasources.admin.manners import OfDepartment
from datasources.forms.catalogue import EntryForm, FieldForm
from datasources.models import Dataset, Department, Field, Register


@admin.register(Department)
class DepartmentAdmin(OfDepartment[Department], TranslationAdmin):  # type: ignore[type-arg]
    """Units, in three languages side by side."""

    form = EntryForm
    once = ("slug",)
    list_display = ("name", "everyday_name", "slug", "retired_at")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")


@admin.register(Register)
class RegisterAdmin(OfDepartment[Register], TranslationAdmin):  # type: ignore[type-arg]
    """The parts of each privacy notice."""

    its_department = "department"
    is_made_here = True
    form = EntryForm
    once = ("slug", "department")
    list_display = ("name", "department", "basis", "connection", "reports_uses_since")
    list_filter = ("connection", "basis", "core_process", "department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("department",)


class FieldsOfDataset(TranslationStackedInline):  # type: ignore[type-arg]
    """A dataset's fields on its own page, for whoever may change it. What was there is retired: sheets may hold it."""

    model = Field
    form = FieldForm
    extra = 0
    can_delete = False


@admin.register(Dataset)
class DatasetAdmin(OfDepartment[Dataset], TranslationAdmin):  # type: ignore[type-arg]
    """Kinds of data, each with its fields."""

    its_department = "register.department"
    is_made_here = True
    form = EntryForm
    once = ("slug", "register")
    inlines = (FieldsOfDataset,)
    list_display = ("name", "register", "sensitivity", "keep_days")
    list_filter = ("sensitivity", "register__department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("register__department",)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """The fields that were made or changed stay as they are here; one entry tells of them."""
        for each in formset.forms:
            if each.changed_data and "kept_here" not in each.changed_data:
                each.instance.kept_here = True
        formset.save()
        if slugs := [each.instance.slug for each in formset.forms if each.changed_data]:
            self.tell(request, form.instance, slugs)


@admin.register(Field)
class FieldAdmin(OfDepartment[Field], TranslationAdmin):  # type: ignore[type-arg]
    """Fields, and when each may be shown."""

    its_department = "dataset.register.department"
    is_made_here = True
    once = ("slug", "dataset")
    form = FieldForm
    list_display = ("label", "slug", "dataset", "type", "disclosure", "about_others")
    list_filter = ("disclosure", "about_others", "type", "dataset")
    search_fields = ("label_fi", "label_sv", "label_en", "slug")
    list_select_related = ("dataset__register__department",)
