"""The city with its use cases, residents signed in, staff, and a child with guardians."""

from tests.acting import register
from tests.pages.conftest import city, resident_in
from tests.pages.family import child
from tests.staffing import hire

__all__ = ["child", "city", "hire", "register", "resident_in"]
