"""The WSGI entry point."""

import gc
import os
import re
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from portal.intake.bodies import InTime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Looking for circles among all that was loaded at the start took a third of a second, in the middle of somebody's call;
# a call about thousands of people made the interpreter look time and again. What is loaded is looked at no more, and
# for circles of the calls' own only once so many objects are left over.
_OBJECTS, _YOUNGER, _YOUNG = 20_000, 10, 10
# Records are sent as a stream of any length, with a patience of its own (datasources.api).
_STREAMS = re.compile(r"/api/v1/datasets/[^/]+/records/", re.ASCII)
application = InTime(
    get_wsgi_application(),
    patience=settings.BODY_PATIENCE_SECONDS,
    most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    waits_itself=lambda path: bool(_STREAMS.fullmatch(path)),
)
# A restored database that does not know of erasures is opened to nobody. Its tables could not be named any sooner.
import_module("portal.requests.erasing.ledger_file").refuse_when_behind()
# The pages of both doors are here before the first that is asked for.
import_module("portal.urls")
import_module("portal.urls_staff")
connection.close()
gc.collect()
gc.freeze()
gc.set_threshold(_OBJECTS, _YOUNGER, _YOUNG)
