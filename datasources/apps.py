"""Data sources as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.outward.addresses import let_inward


class DatasourcesConfig(AppConfig):
    """Catalogue, connectors, pulls, sheets."""

    name = "datasources"
    verbose_name = _("Registers and sources")

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now. Connectors are told where to go.

        The list of trusted cities is looked at whenever the portal is checked.
        """
        import_module("datasources.receivers")
        import_module("datasources.queries.sealed").name_them()
        import_module("datasources.transfers.checks")
        let_inward(settings.SOURCES_MAY_POINT_INWARD)
