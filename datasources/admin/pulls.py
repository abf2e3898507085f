"""Every run of reading, in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from datasources.models import Pull
from datasources.queries.closely import closely
from datasources.rules.faults import told
from portal.staff.manners import ReadOnly


@admin.register(Pull)
class PullAdmin(ReadOnly[Pull]):
    """Every run of reading, with its counts and its error in words."""

    list_display = (
        *("source", "kind", "state", "started_at", "rows_read", "changed", "unchanged", "removed"),
        *("people_passed_over", "rejected", "what_went_wrong", "more_closely"),
    )
    list_filter = ("state", "kind", "source")
    list_select_related = ("source",)
    exclude = ("error", "faults", "sentences")
    readonly_fields = ("what_went_wrong", "more_closely")

    @admin.display(description=_("What went wrong"))
    def what_went_wrong(self, pull: Pull) -> str:
        """In the language of whoever looks."""
        return told(pull.faults)

    @admin.display(description=_("More closely"))
    def more_closely(self, pull: Pull) -> str:
        """The faults' own sentences, with what they name."""
        return closely(pull.sentences, pull.error)
