"""What people bring from watches and phones, as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WearablesConfig(AppConfig):
    """Uploads, daily figures, what is handed over of them."""

    name = "datasources.wearables"
    label = "wearables"
    verbose_name = _("Watches and phones")

    def ready(self) -> None:
        """What may be handed over is named at the start; it imports models, so not before now."""
        import_module("datasources.wearables.sharing").name_datasets()
