"""The admin with our own site."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django's admin behind the staff door."""

    default_site = "portal.staff.site.StaffSite"

    def ready(self) -> None:
        """The log stands on a lower floor and knows no admin, so its page is brought in from here."""
        super().ready()
        import_module("portal.staff.log")
