"""Letters to Suomi.fi Messages."""

from portal.notices.messages.sending import send

__all__ = ["send"]
