"""The API's manners as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    """Clients of department systems and their tokens."""

    name = "portal.rest"
    label = "rest"
    verbose_name = _("API")
