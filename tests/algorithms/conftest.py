"""A described city, its residents, and a purpose that is being written."""

from tests.consents.conftest import described, draft
from tests.pages.conftest import city, resident_in

__all__ = ["city", "described", "draft", "resident_in"]
