"""Purposes and their texts in the back office: from idea to published text."""

from consents.admin import purposes, return_addresses, tellings, texts, webhooks

__all__ = ["purposes", "return_addresses", "tellings", "texts", "webhooks"]
