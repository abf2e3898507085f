"""The city with its use cases, and residents signed in."""

from tests.pages.conftest import city, resident_in
from tests.staffing import hire

__all__ = ["city", "hire", "resident_in"]
