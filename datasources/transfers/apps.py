"""Packages between cities, as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    """Leaving with data, arriving with it, and the cities that are trusted."""

    name = "datasources.transfers"
    label = "transfers"
    verbose_name = _("Moving between cities")

    def ready(self) -> None:
        """What may be handed over is named at the start; it imports models, so not before now."""
        import_module("datasources.transfers.receivers")
        import_module("datasources.transfers.arriving.sharing").name_datasets()
