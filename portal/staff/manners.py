"""Manners of every admin page: nothing is added or deleted by hand, and what is only to be read cannot be changed."""

from collections.abc import Iterator
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

# How the filters that a page offers ask.
_ASKED = frozenset({"exact", "in", "isnull", "gte", "lt", "id__exact", "id__in"})
M = TypeVar("M", bound=Model)


class FirstPages(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody turns pages: all of a long list is not counted for one page of it."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        """At most `MOST`; narrowed by a filter, what is further on comes within them."""
        rows = cast("QuerySet[Model]", self.object_list)
        return rows.order_by().values("pk")[: self.MOST].count()


class NoAddingNorDeleting(admin.ModelAdmin[M]):
    """Rows come from files, pulls or answers."""

    list_per_page = 50
    paginator = FirstPages
    # Nor is all of it counted beside what a filter leaves.
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only by the filters that the page offers: Django would let a reader ask by the beginning of any column."""
        return any(lookup == name or lookup.removeprefix(f"{name}__") in _ASKED for name in self._offered())

    def _offered(self) -> Iterator[str]:
        for each in self.list_filter:
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                yield str(each.parameter_name)
            else:
                yield str(each[0] if isinstance(each, tuple | list) else each)

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


def row_id(told: str) -> UUID | None:
    """The id in an address of the admin; None when it is none."""
    try:
        return UUID(told)
    except ValueError:
        return None
