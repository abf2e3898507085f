"""A life in the portal as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifeConfig(AppConfig):
    """What staff tell of a person's life."""

    name = "portal.requests.life"
    label = "life"
    verbose_name = _("A life in the portal")
