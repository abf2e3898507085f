"""Checked at the start: that the list of trusted cities, when there is one, can be read."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from datasources.transfers.trust.cities import TrustFault, trusted_cities


@register()
def trust_can_be_read(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """`transfers.E001`: a city that is written down half is none, and nobody would know why."""
    try:
        trusted_cities()
    except TrustFault as fault:
        return [Error(str(fault), id="transfers.E001")]
    return []
