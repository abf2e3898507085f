"""Departments, registers, datasets and fields in the back office."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from datasources.admin.manners import OfDepartment
from datasources.models import Dataset, Department, Field, Register


@admin.register(Department)
class DepartmentAdmin(OfDepartment[Department], TranslationAdmin):  # type: ignore[type-arg]
    """Units, in three languages side by side."""

    @staticmethod
    def department_of(row: Department) -> str:
        """Itself."""
        return row.slug

    list_display = ("name", "everyday_name", "slug", "retired_at")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")


@admin.register(Register)
class RegisterAdmin(OfDepartment[Register], TranslationAdmin):  # type: ignore[type-arg]
    """The parts of each privacy notice."""

    @staticmethod
    def department_of(row: Register) -> str:
        """Whose it is."""
        return row.department.slug

    list_display = ("name", "department", "basis", "connection", "reports_uses_since")
    list_filter = ("connection", "basis", "core_process", "department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("department",)


@admin.register(Dataset)
class DatasetAdmin(OfDepartment[Dataset], TranslationAdmin):  # type: ignore[type-arg]
    """Kinds of data."""

    @staticmethod
    def department_of(row: Dataset) -> str:
        """Whose it is."""
        return row.register.department.slug

    list_display = ("name", "register", "sensitivity", "keep_days")
    list_filter = ("sensitivity", "register__department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("register",)


@admin.register(Field)
class FieldAdmin(OfDepartment[Field], TranslationAdmin):  # type: ignore[type-arg]
    """Fields, and when each may be shown."""

    @staticmethod
    def department_of(row: Field) -> str:
        """Whose it is."""
        return row.dataset.register.department.slug

    list_display = ("label", "slug", "dataset", "type", "disclosure", "about_others")
    list_filter = ("disclosure", "about_others", "type", "dataset")
    search_fields = ("label_fi", "label_sv", "label_en", "slug")
    list_select_related = ("dataset",)
