"""The portal's own application with the floors beside it, for granian."""

from portal.people import doors
from portal.wsgi import application

__all__ = ["application"]

doors._URLS[doors.RESIDENT] = "tests.bench.bare"
