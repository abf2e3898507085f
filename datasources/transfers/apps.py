"""Packages between cities, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    """Leaving with data, arriving with it, and the cities that are trusted."""

    name = "datasources.transfers"
    label = "transfers"
    verbose_name = _("Moving between cities")
