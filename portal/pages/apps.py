"""The resident's pages as a Django app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Views and templates; no tables."""

    name = "portal.pages"
    label = "pages"
