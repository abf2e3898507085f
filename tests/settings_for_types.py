"""Settings for the type checker: no environment needed, and no modeltranslation, whose managers it cannot resolve."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
os.environ.setdefault("REDIS_URL", "redis://localhost")
os.environ.setdefault("SECRET_KEY", "types")
os.environ.setdefault("PLAIN_HTTP", "true")

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS as ALL

INSTALLED_APPS = [app for app in ALL if app != "modeltranslation"]
