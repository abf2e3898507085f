"""`manage.py check_department URL`: says how the portal reads each answer of a department's own system."""

import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consents.errors import NotASecret
from consents.webhooks.conformance import try_webhook
from datasources.conformance.findings import Case, Findings
from datasources.conformance.gdpr import try_gdpr
from datasources.conformance.rest import try_rest
from datasources.protocol import Limits

_KINDS: Mapping[str, Callable[[Case, Limits], Findings]] = {"rest": try_rest, "gdpr_api": try_gdpr}


class Command(BaseCommand):
    """Reads only, and never erases. Exit code 0 when everything holds; needs no database."""

    help = "Try a department's API, or its receiver of webhooks, as the portal uses it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where it is, and what else must be known: secrets come from files, as words of a command are seen by all."""
        parser.add_argument("url")
        parser.add_argument("--describe", type=Path, help="TOML: kind, person, stranger, settings, secrets, mapping")
        parser.add_argument("--webhook", action="store_true", help="the address receives webhooks")
        parser.add_argument("--secret-file", type=Path, help="holds the webhook's secret, whsec_...")
        parser.add_argument("--seconds", type=float, default=30.0, help="how long an answer may take")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a finding."""
        found = self._webhook(options) if options["webhook"] else self._api(options)
        for finding in found:
            self.stdout.write(f"{finding.verdict.value:5}  {finding.sentence}")
        if not found.hold:
            raise CommandError("Not everything holds.")
        self.stdout.write("Everything holds.")

    def _webhook(self, options: dict[str, Any]) -> Findings:
        if options["secret_file"] is None:
            raise CommandError("Name the file of the secret: --secret-file.")
        try:
            return try_webhook(options["url"], _text(options["secret_file"]).strip(), now=int(time.time()))
        except NotASecret:
            raise CommandError("The file holds no secret of a webhook (whsec_...).") from None

    def _api(self, options: dict[str, Any]) -> Findings:
        if options["describe"] is None:
            raise CommandError("Name the file that describes the system (--describe), or say --webhook.")
        try:
            told = tomllib.loads(_text(options["describe"]))
            case = Case(
                settings={**told.get("settings", {}), "url": options["url"]},
                secrets=told.get("secrets", {}),
                mapping=told["mapping"],
                person=told["person"],
                stranger=told["stranger"],
            )
            check = _KINDS[told["kind"]]
        except (tomllib.TOMLDecodeError, TypeError):
            raise CommandError("The description is not TOML of the form agreed.") from None
        except KeyError as missing:
            raise CommandError(f"The description lacks {missing}, or names a kind that is not known.") from None
        return check(case, Limits.within(options["seconds"]))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{path} cannot be read.") from None
