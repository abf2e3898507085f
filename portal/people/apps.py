"""People as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and their log-ins."""

    name = "portal.people"
    label = "people"

    def ready(self) -> None:
        """Listen."""
        import_module("portal.people.receivers")
