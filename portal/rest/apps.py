"""The API's manners as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    """Clients of department systems and their tokens."""

    name = "portal.rest"
    label = "rest"
    verbose_name = _("API")

    def ready(self) -> None:
        """Say what lies under a key of the ring."""
        import_module("portal.rest.idempotency").name_replies()
