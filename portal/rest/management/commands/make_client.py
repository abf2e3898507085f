"""`manage.py make_client`: let a department system in."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from joserfc.jwk import ECKey

from portal.ledger.actor import system
from portal.rest.actions import Wishes, make_client, make_secret
from portal.rest.models import SCOPES
from portal.walls import Role, scope


class Command(BaseCommand):
    """Writes the private key, or a secret, to a file for the department; the portal keeps only what verifies it."""

    help = "Make a client of a department, with a new key or a secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which department, what it may do, where the key goes."""
        parser.add_argument("department")
        parser.add_argument("--name", default="")
        parser.add_argument("--scopes", nargs="+", choices=SCOPES, default=["consents:check"])
        parser.add_argument("--purposes", nargs="+", default=[], help="only these; none means all of the department")
        parser.add_argument("--calls-per-second", type=int, help="none means as many as every other client")
        parser.add_argument("--secret", action="store_true", help="a secret in place of a key")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses to overwrite a key."""
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"{out} is there already; it was left as it is.")
        by, at, department = system("make_client"), timezone.now(), options["department"]
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        jwks = {} if options["secret"] else {"keys": [key.as_dict(private=False)]}
        bounds = {name: options[name] for name in ("scopes", "purposes", "calls_per_second")}
        wishes = Wishes(name=options["name"] or department, jwks=jwks, **bounds)
        with scope(Role.STAFF, departments=[department]):
            client = make_client(department, wishes, by=by, at=at)
            told: dict[str, Any] = {"client_id": str(client.pk)}
            told |= (
                {"secret": make_secret(client, by=by, at=at)}
                if options["secret"]
                else {"key": key.as_dict(private=True)}
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(told))
        self.stdout.write(f"Made {out}.")
