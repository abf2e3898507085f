"""Checked at the start: that nothing of the case register's is sent in the clear, and that it is signed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from consents.errors import NotASecret
from consents.webhooks.signing import key_of
from portal.requests.case_register import flaw_of_register


@register()
def case_register_can_be_told(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """`requests.E001`: its address, as that of a webhook. `requests.E002`: its secret."""
    if not settings.CASE_REGISTER_URL:
        return []
    if flaw := flaw_of_register():
        return [Error(f"CASE_REGISTER_URL: {flaw}", id="requests.E001")]
    try:
        key_of(settings.CASE_REGISTER_SECRET)
    except NotASecret:
        return [Error("CASE_REGISTER_SECRET: it is not whsec_ and 24 to 64 bytes in base64.", id="requests.E002")]
    return []
