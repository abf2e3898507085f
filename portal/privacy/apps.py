"""Privacy as data, as a Django app."""

from django.apps import AppConfig
from django.core.checks import register

from portal.privacy.checks import check_policy


class PrivacyConfig(AppConfig):
    """Registers the check of policy.toml."""

    name = "portal.privacy"
    label = "privacy"

    def ready(self) -> None:
        """The check runs with every command that checks, migrations among them."""
        register(check_policy)
