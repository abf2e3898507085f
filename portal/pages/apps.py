"""The resident's pages as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Views and templates; no tables."""

    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now."""
        import_module("portal.pages.receivers")
