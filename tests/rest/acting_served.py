"""The portal's own application with what acts beside it (tests/rest/acting.py), for granian."""

from portal.people import doors
from portal.wsgi import application

__all__ = ["application"]

doors._URLS[doors.RESIDENT] = "tests.rest.acting"
