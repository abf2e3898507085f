"""An assertion is used once (RFC 7523 §3): whoever shows it again is not believed."""

import hashlib
from datetime import datetime

from django.db import connection

_USE = "INSERT INTO rest_usedassertion (jti_sha256, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def used_first(whose: str, jti: str, *, until: datetime) -> bool:
    """True the first time only, within the API's scope; it is remembered `until` the assertion is over."""
    digest = hashlib.sha256(f"{whose}\x1f{jti}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(_USE, [digest, until])
        return bool(cursor.rowcount == 1)
