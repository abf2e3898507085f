"""The admin with our own site."""

from importlib import import_module

from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig


class StaffAdminConfig(SimpleAdminConfig):
    """Django's admin behind the staff door. Its pages come with the addresses of that door: no worker loads them."""

    default_site = "portal.staff.site.StaffSite"


def find_pages() -> None:
    """Load the pages of every room; once is enough."""
    autodiscover()
    # The log stands on a lower floor and knows no admin, so its page is brought in from here.
    import_module("portal.staff.log")
