"""Erasures as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ErasingConfig(AppConfig):
    """What was erased, and what the law holds."""

    name = "portal.requests.erasing"
    label = "erasing"
    verbose_name = _("Erasures")

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now."""
        import_module("portal.requests.erasing.receivers")
