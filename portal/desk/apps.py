"""The desk as a Django app: it holds pages and no tables."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The admin finds its pages by its name."""

    name = "portal.desk"
    label = "desk"

    def ready(self) -> None:
        """From now on what staff look at is written down."""
        import_module("portal.desk.looking")
