"""`manage.py make_client`: let a department system in."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from joserfc.jwk import ECKey

from portal.ledger.actions import record
from portal.ledger.actor import system
from portal.rest.kinds import RestEntry
from portal.rest.models import SCOPES, Client
from portal.walls import Role, scope


class Command(BaseCommand):
    """Writes the private key to a file for the department, and keeps the public half."""

    help = "Make a client of a department, with a new key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which department, what it may do, where the key goes."""
        parser.add_argument("department")
        parser.add_argument("--name", default="")
        parser.add_argument("--scopes", nargs="+", choices=SCOPES, default=["consents:check"])
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses to overwrite a key."""
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"{out} is there already; it was left as it is.")
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        department = options["department"]
        with scope(Role.STAFF, departments=[department]):
            client = Client.objects.create(
                name=options["name"] or department,
                department=department,
                scopes=options["scopes"],
                jwks={"keys": [key.as_dict(private=False)]},
            )
            counts = {"client": str(client.pk)}
            by = system("make_client")
            record(RestEntry.CLIENT_CHANGED, by=by, at=timezone.now(), department=department, counts=counts)
        out.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"client_id": str(client.pk), "key": key.as_dict(private=True)})
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
        self.stdout.write(f"Made {out}.")
