"""People as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People and their log-ins."""

    name = "portal.people"
    label = "people"
    verbose_name = _("Watching over openings")

    def ready(self) -> None:
        """Listen; and say what moves when a key of the ring is changed."""
        import_module("portal.people.receivers")
        import_module("portal.people.index_moves").name_them()
