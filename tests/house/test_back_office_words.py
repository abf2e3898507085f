"""What staff read in the back office is in their language: names of rooms, rows, columns and choices."""

from typing import Any

import pytest
from django.contrib.admin import ModelAdmin, site
from django.core.checks import run_checks
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import override

from portal.staff.apps import find_pages

find_pages()
OURS = ("consents", "datasources", "portal")
BACK_OFFICE = [
    admin for model, admin in sorted(site._registry.items(), key=str) if model.__module__.split(".")[0] in OURS
]
# The same word in English and in another language.
ALIKE = {"URL", "Register", "register", "System", "Version", "person", "text"}


def _columns(admin: ModelAdmin[Model]) -> list[tuple[str, Any]]:
    """(name, what it is called) of each column of the list and of each value that is only read."""
    found = []
    for each in {*admin.list_display, *admin.readonly_fields}:
        if callable(each):
            found.append((each.__name__, getattr(each, "short_description", None)))
        elif hasattr(admin, each):
            found.append((each, getattr(getattr(admin, each), "short_description", None)))
        elif each != "__str__":
            found.append((each, _of_field(admin.model, each)))
    return found


def _of_field(model: type[Model], name: str) -> Any:
    try:
        return getattr(model._meta.get_field(name), "verbose_name", None)
    except FieldDoesNotExist:
        return getattr(getattr(model, name), "short_description", None)


def _choices(admin: ModelAdmin[Model]) -> list[tuple[str, Any]]:
    """Of the columns of the list."""
    names = {each for each in admin.list_display if isinstance(each, str)}
    fields = [field for field in admin.model._meta.fields if field.name in names]
    return [(f"{field.name} {value}", label) for field in fields for value, label in field.flatchoices]


@pytest.mark.parametrize("admin", BACK_OFFICE, ids=lambda admin: admin.model.__name__)
def test_staff_read_no_english_in_finnish_or_swedish(admin: ModelAdmin[Model]) -> None:
    meta = admin.model._meta
    words = [("room", meta.app_config.verbose_name), ("row", meta.verbose_name), ("rows", meta.verbose_name_plural)]
    untold = [name for name, label in [*words, *_columns(admin), *_choices(admin)] if not _is_told(label)]
    assert untold == []


def _is_told(label: Any) -> bool:
    """It is translated when it is shown, and Finnish or Swedish says it otherwise than English."""
    if not isinstance(label, Promise):
        return False
    told = []
    for language in ("en", "fi", "sv"):
        with override(language):
            told.append(str(label))
    return told[0] in ALIKE or told[0] not in told[1:]


def test_django_finds_no_fault_in_the_back_office() -> None:
    # Its pages are not there when `manage.py check` runs.
    assert run_checks(tags=["admin"]) == []
