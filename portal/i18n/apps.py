"""Template filters of dates, as a Django app."""

from django.apps import AppConfig


class I18nConfig(AppConfig):
    """Text in three languages."""

    name = "portal.i18n"
    label = "portal_i18n"
