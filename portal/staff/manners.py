"""Manners of every admin page: nothing is added or deleted by hand, and what is only to be read cannot be changed."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


class NoAddingNorDeleting(admin.ModelAdmin[M]):
    """Rows come from files, pulls or answers."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never; what is gone is retired."""
        return False


class ReadOnly(NoAddingNorDeleting[M]):
    """Looked at, never changed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
