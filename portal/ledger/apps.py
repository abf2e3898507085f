"""The log as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """What happened, and to whom."""

    name = "portal.ledger"
    label = "ledger"
    verbose_name = _("Log")

    def ready(self) -> None:
        """A setting that cannot be read stops the start."""
        from portal.ledger.witnesses import witnesses  # noqa: PLC0415

        witnesses()
