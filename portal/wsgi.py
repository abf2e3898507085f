"""The WSGI entry point."""

import os
import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.intake.bodies import InTime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Records are sent as a stream of any length, with a patience of its own (datasources.api).
_STREAMS = re.compile(r"/api/v1/datasets/[^/]+/records/", re.ASCII)
application = InTime(
    get_wsgi_application(),
    patience=settings.BODY_PATIENCE_SECONDS,
    most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    waits_itself=lambda path: bool(_STREAMS.fullmatch(path)),
)
