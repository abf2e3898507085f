"""The rulebook, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulebookConfig(AppConfig):
    """Which version of the rulebook the city adopted."""

    name = "consents.rulebook"
    label = "rulebook"
    verbose_name = _("Rulebook")
