"""`manage.py make_return_address`: where a department's system may have people led back to, looked at by two people."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consents.errands.keeping import confirm_address, propose_address
from consents.errors import ReturnAddressFault
from portal.ledger.actor import Actor, ActorKind, Right
from portal.rest.models import Client
from portal.walls import Role, scope


class Command(BaseCommand):
    """For an operator who sets a department up; in daily work it is done in the back office."""

    help = "Register a return address of a client; two people are named who have looked at it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, where, and who looked at it."""
        parser.add_argument("client", type=UUID)
        parser.add_argument("address")
        parser.add_argument("--proposed-by", required=True)
        parser.add_argument("--confirmed-by", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Said again it changes nothing."""
        at = timezone.now()
        first, second = (
            Actor(ActorKind.SYSTEM, f"command:{options[name]}"[:60], Right.SYSTEM, role="make_return_address")
            for name in ("proposed_by", "confirmed_by")
        )
        with scope(Role.STAFF, departments=["*"]):
            client = Client.objects.filter(pk=options["client"]).first()
            if client is None:
                raise CommandError("There is no such client.")
            try:
                row = propose_address(client.pk, client.department, options["address"], by=first, at=at)
                confirm_address(row.pk, by=second, at=at)
            except ReturnAddressFault as fault:
                raise CommandError(str(fault)) from None
        self.stdout.write(f"{row.address} stands.")
