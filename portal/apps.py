"""Wiring of the whole."""

from django.apps import AppConfig

from portal.celery import app


class PortalConfig(AppConfig):
    """Last in the list: everything else is loaded."""

    name = "portal"
    label = "portal_wiring"

    def ready(self) -> None:
        """Web processes ring tasks by name, so the names must be registered there too."""
        app.autodiscover_tasks(force=True)
