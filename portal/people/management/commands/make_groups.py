"""`manage.py make_groups`: the back office's four groups, with their rights."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand

from portal.walls import Role, scope

_OURS = ("datasources", "consents", "ledger", "requests")
_KEEPER_MAKES = ("register", "dataset", "field", "source")
_KEEPER_CHANGES = ("department", *_KEEPER_MAKES)


class Command(BaseCommand):
    """Idempotent. Nobody may delete by the admin, and what is added there has rules of its own."""

    help = "Make the groups keeper, dpo, auditor and desk."

    def handle(self, *args: Any, **options: Any) -> None:
        """Auditors and the officer read; keepers also change the catalogue, connect systems and write purposes.

        Keepers and the officer answer requests and end restrictions; the officer keeps the texts that answers begin
        with, and describes breaches. Staff of a service point see no list of the back office: they open one person,
        and write down answers.
        """
        with scope(Role.STAFF, departments=["*"]):
            views = Permission.objects.filter(content_type__app_label__in=_OURS, codename__startswith="view_")
            changes = Permission.objects.filter(
                content_type__app_label="datasources",
                codename__in=[f"add_{name}" for name in _KEEPER_MAKES] + [f"change_{name}" for name in _KEEPER_CHANGES],
            )
            # What a keeper may do to a purpose stands in consents.publishing; approving belongs to the group dpo.
            purposes = Permission.objects.filter(
                content_type__app_label="consents", codename__in=["add_purpose", "change_purpose", "change_webhook"]
            )
            limits = Permission.objects.filter(content_type__app_label="consents", codename="change_restriction")
            answers = Permission.objects.filter(content_type__app_label="consents", codename="add_consent")
            clients = Permission.objects.filter(content_type__app_label="rest", codename__endswith="_client")
            views |= clients.filter(codename="view_client")
            changes |= clients.filter(codename__in=["add_client", "change_client"])
            # What the law holds, and what happens in lives, is the officer's; auditors see it.
            holds = Permission.objects.filter(content_type__app_label="erasing", codename__endswith="_legalhold")
            seen = holds.filter(codename="view_legalhold")
            lives = Permission.objects.filter(content_type__app_label="life", codename="add_lifechange")
            seen |= Permission.objects.filter(content_type__app_label="life", codename="view_lifechange")
            requests = Permission.objects.filter(content_type__app_label="requests", codename="change_request")
            reviews = Permission.objects.filter(
                content_type__app_label="people", codename__in=["view_openingreview", "change_openingreview"]
            )
            templates = Permission.objects.filter(
                content_type__app_label="requests",
                codename__in=["add_decisiontemplate", "change_decisiontemplate"],
            )
            breaches = Permission.objects.filter(
                content_type__app_label="requests", codename__in=["add_breach", "change_breach"]
            )
            groups = {
                "keeper": [*views.exclude(codename__startswith="view_breach"), *changes, *purposes, *requests, *limits],
                "dpo": [
                    *(*views, *requests, *limits, *templates, *breaches, *reviews),
                    *(*holds.filter(codename="add_legalhold"), *lives, *seen),
                ],
                "auditor": [*views, *seen, *reviews.filter(codename__startswith="view_")],
                "desk": answers,
            }
            for name, rights in groups.items():
                group, _ = Group.objects.get_or_create(name=name)
                group.permissions.set(rights)
        self.stdout.write("The groups are there.")
