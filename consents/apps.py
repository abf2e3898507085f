"""Consents as a Django app."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """Purposes, consents, decisions, and the API over them."""

    name = "consents"
