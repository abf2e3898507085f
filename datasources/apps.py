"""Data sources as a Django app."""

from django.apps import AppConfig


class DatasourcesConfig(AppConfig):
    """Catalogue, connectors, pulls, sheets."""

    name = "datasources"
