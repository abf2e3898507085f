"""The register of algorithms, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlgorithmsConfig(AppConfig):
    """Entries with their history, and evaluations of fairness."""

    name = "consents.algorithms"
    label = "algorithms"
    verbose_name = _("Algorithms")
