"""The register of algorithms, as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlgorithmsConfig(AppConfig):
    """Entries with their history, and evaluations of fairness."""

    name = "consents.algorithms"
    label = "algorithms"
    verbose_name = _("Algorithms")

    def ready(self) -> None:
        """Receivers listen from the start; they import models, so not before now."""
        import_module("consents.algorithms.receivers")
        import_module("consents.algorithms.fairness.pieces").name_them()
