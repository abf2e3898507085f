"""Use cases, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsecasesConfig(AppConfig):
    """Cases, residents' words about them, and their effect."""

    name = "consents.usecases"
    label = "usecases"
    verbose_name = _("Use cases")
