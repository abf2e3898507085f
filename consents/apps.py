"""Consents as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    """Purposes, consents, decisions, and the API over them."""

    name = "consents"
    verbose_name = _("Permissions")

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now."""
        import_module("consents.receivers")
        import_module("consents.webhooks.secrets").name_secrets()
