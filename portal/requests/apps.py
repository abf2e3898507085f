"""Requests as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    """What residents ask of the city, and what they were answered."""

    name = "portal.requests"
    label = "requests"
    verbose_name = _("Requests")

    def ready(self) -> None:
        """Its checks are named at the start."""
        import_module("portal.requests.checks")
