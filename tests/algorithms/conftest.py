"""A described city and its residents, as the pages' tests have them."""

from tests.pages.conftest import city, resident_in

__all__ = ["city", "resident_in"]
