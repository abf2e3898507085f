"""The admin with our own site."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django's admin behind the staff door."""

    default_site = "portal.staff.site.StaffSite"
