"""Purposes and their texts in the back office: from idea to published text."""

from consents.admin import donating, purposes, return_addresses, tellings, texts, webhooks

__all__ = ["donating", "purposes", "return_addresses", "tellings", "texts", "webhooks"]
