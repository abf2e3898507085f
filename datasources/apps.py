"""Data sources as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class DatasourcesConfig(AppConfig):
    """Catalogue, connectors, pulls, sheets."""

    name = "datasources"

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now."""
        import_module("datasources.receivers")
