"""Every run of reading, in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from datasources.models import Pull
from datasources.rules.faults import told
from portal.staff.manners import ReadOnly


@admin.register(Pull)
class PullAdmin(ReadOnly[Pull]):
    """Every run of reading, with its counts and its error in words."""

    list_display = (
        *("source", "kind", "state", "started_at", "rows_read", "changed", "unchanged", "removed"),
        *("people_passed_over", "rejected", "what_went_wrong", "error"),
    )
    list_filter = ("state", "kind", "source")
    list_select_related = ("source",)

    @admin.display(description=_("What went wrong"))
    def what_went_wrong(self, pull: Pull) -> str:
        """In the language of whoever looks; `error` tells it more closely, in English."""
        return told(pull.faults)
