"""Every run of reading, in the back office."""

from django.contrib import admin

from datasources.models import Pull
from portal.staff.manners import ReadOnly


@admin.register(Pull)
class PullAdmin(ReadOnly[Pull]):
    """Every run of reading, with its counts and its error in words."""

    list_display = (
        *("source", "kind", "state", "started_at", "rows_read", "changed", "unchanged", "removed"),
        *("people_passed_over", "rejected", "error"),
    )
    list_filter = ("state", "kind", "source")
    list_select_related = ("source",)
