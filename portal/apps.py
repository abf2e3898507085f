"""Wiring of the whole."""

from django.apps import AppConfig

from portal.celery import app
from portal.cities import city


class PortalConfig(AppConfig):
    """Last in the list: everything else is loaded."""

    name = "portal"
    label = "portal_wiring"

    def ready(self) -> None:
        """Web processes ring tasks by name, so the names must be registered there too.

        The facts of the city are read before anybody asks: CityFault stops the start with file and field.
        """
        city()
        app.autodiscover_tasks(force=True)
