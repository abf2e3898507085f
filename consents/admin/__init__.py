"""Purposes and their texts in the back office: from idea to published text."""

from consents.admin import purposes, tellings, texts

__all__ = ["purposes", "tellings", "texts"]
