"""What a portal of the demo is told by its environment."""

import os
import secrets
from pathlib import Path

from demo.cities import DemoCity
from demo.departments.running import secret
from demo.makers import accounts as makers
from demo.messages import server as messages
from demo.servers import APP, Postgres, Redis

DATABASE = "mydata"


def portal_environment(city: DemoCity, pg: Postgres, broker: Redis) -> dict[str, str]:
    """Every setting of one city's portal: its own servers, keys, folders, doors, and the services around it."""
    where, asked = city.folder, city.ports
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "CITY": city.slug,
        "DATABASE_URL": pg.url(DATABASE, APP),
        "REDIS_URL": broker.url,
        "SECRET_KEY": _secret(where),
        "KEY_RING_FILE": str(where / "keys.json"),
        "WATCH_SPOOL": str(where / "watches"),
        "CHECKPOINT_FOLDER": str(where / "seals"),
        "ERASURE_FOLDER": str(where / "erasures"),
        "STATIC_ROOT": str(where / "static"),
        "PLAIN_HTTP": "true",
        "SOURCES_MAY_POINT_INWARD": "127.0.0.0/8,::1/128",
        "POPULATION_URL": f"http://127.0.0.1:{asked.population}",
        "POPULATION_TOKEN": secret(where / "departments", "population"),
        "DEMO_NOTICE": "true",
        "PUBLIC_URL": city.url,
        "STAFF_URL": f"http://localhost:{asked.web}",
        "SUOMIFI_ISSUER": f"http://127.0.0.1:{asked.identity}",
        "STAFF_ISSUER": f"http://127.0.0.1:{asked.identity}/staff",
        "LETTERS_FROM": f"tietoni@{city.slug}.example",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(where / "letters"),
        **(_of_services(city) if city.is_whole else {"LOG_ORIGIN": f"127.0.0.1/{city.slug}/log"}),
        **({"TRUSTED_CITIES_FILE": str(city.trusted_file)} if city.others else {}),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def _secret(where: Path) -> str:
    path = where / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _of_services(city: DemoCity) -> dict[str, str]:
    """Suomi.fi Messages, and services of watches: where they are, and who we are there."""
    asked = city.ports
    oura, polar = f"http://127.0.0.1:{asked.makers}/oura", f"http://127.0.0.1:{asked.makers}/polar"
    places = {"OURA_SITE": oura, "OURA_API": oura, "POLAR_SITE": polar, "POLAR_TOKENS": polar, "POLAR_API": polar}
    known = {f"{maker}_CLIENT_ID": makers.CLIENT for maker in ("OURA", "POLAR")}
    letters = {
        "MESSAGES_URL": f"http://127.0.0.1:{asked.messages}",
        "MESSAGES_USERNAME": messages.USERNAME,
        "MESSAGES_PASSWORD": messages.PASSWORD,
        "MESSAGES_SERVICE_ID": messages.SERVICE,
    }
    return letters | places | known | {f"{maker}_CLIENT_SECRET": makers.SECRET for maker in ("OURA", "POLAR")}
