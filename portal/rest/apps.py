"""The API's manners as a Django app."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """Clients of department systems and their tokens."""

    name = "portal.rest"
    label = "rest"
