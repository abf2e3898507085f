"""The desk as a Django app: it holds pages and no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The admin finds its pages by its name."""

    name = "portal.desk"
    label = "desk"
