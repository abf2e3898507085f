"""Settings for commands that need no database."""

import os

for name, value in {
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "REDIS_URL": "redis://localhost",
    "SECRET_KEY": "none",
    "PLAIN_HTTP": "true",
    "SOURCES_MAY_POINT_INWARD": "127.0.0.0/8,::1/128",
}.items():
    os.environ.setdefault(name, value)

from portal.settings import *  # noqa: E402, F403
