"""Notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What waits for a person, and the letters that say so."""

    name = "portal.notices"
    label = "notices"
