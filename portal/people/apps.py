"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and their log-ins."""

    name = "portal.people"
    label = "people"
