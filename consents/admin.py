"""Purposes and their texts in the back office; the editor comes later, the database keeps published texts frozen."""

from django.contrib import admin

from consents.models import Purpose, PurposeText
from portal.staff.manners import ReadOnly


@admin.register(Purpose)
class PurposeAdmin(ReadOnly[Purpose]):
    """Why data is used, by whom, on which basis."""

    list_display = ("slug", "department", "basis", "nature", "valid_days", "closed_at")
    list_filter = ("basis", "department")
    list_select_related = ("department",)


@admin.register(PurposeText)
class PurposeTextAdmin(ReadOnly[PurposeText]):
    """Every version of every text."""

    list_display = ("purpose", "version", "state", "published_at", "sha256")
    list_filter = ("state", "purpose")
    list_select_related = ("purpose",)
