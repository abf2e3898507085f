"""The log in the back office: read-only, the entries of one's own departments."""

from django.contrib import admin

from portal.ledger.models import Entry
from portal.staff.manners import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly[Entry]):
    """Newest first; whom an entry is about is a pseudonym, and details stay sealed."""

    list_display = ("at", "kind", "actor_kind", "unit", "department", "purpose", "reference", "index")
    list_filter = ("kind",)
    fields = (
        *("id", "at", "kind", "actor_kind", "actor_right", "unit", "role", "subject", "department", "purpose"),
        *("datasets", "reference", "counts", "index", "sequenced_at"),
    )
    ordering = ("-id",)
    show_full_result_count = False
