"""`manage.py make_groups`: the back office's four groups, with their rights."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db.models import Q

from portal.walls import Role, scope

# Rooms whose rows everyone in the back office may see, row by row as the walls let them.
_OURS = ("datasources", "consents", "ledger", "requests", "usecases")
_KEEPER_MAKES = ("register", "dataset", "field", "source")
_KEEPER_CHANGES = ("department", *_KEEPER_MAKES)
# {room: codenames}. What a keeper may do to a purpose stands in consents.publishing; approving is for the group dpo.
_BOTH: Mapping[str, tuple[str, ...]] = {
    "requests": ("change_request",),
    "consents": ("change_restriction",),
    "usecases": ("change_word",),
}
_KEEPER: Mapping[str, tuple[str, ...]] = {
    "datasources": (
        *(f"add_{name}" for name in _KEEPER_MAKES),
        *(f"change_{name}" for name in _KEEPER_CHANGES),
    ),
    "consents": ("add_purpose", "change_purpose", "change_webhook"),
    "rest": ("add_client", "change_client"),
    "usecases": ("add_case", "change_case"),
}
# What the law holds, what happens in lives, what was drawn by lot, whom we trust: the officer's; auditors see it.
_WATCHED: Mapping[str, tuple[str, ...]] = {
    "erasing": ("view_legalhold",),
    "life": ("view_lifechange",),
    "people": ("view_openingreview",),
    "transfers": ("view_citykeys", "view_withdrawnkey"),
}
_OFFICER: Mapping[str, tuple[str, ...]] = {
    "requests": ("add_decisiontemplate", "change_decisiontemplate", "add_breach", "change_breach"),
    "people": ("change_openingreview",),
    "erasing": ("add_legalhold",),
    "life": ("add_lifechange",),
    "transfers": ("add_withdrawnkey",),
}
_DESK: Mapping[str, tuple[str, ...]] = {"consents": ("add_consent",)}


class Command(BaseCommand):
    """Idempotent. Nobody may delete by the admin, and what is added there has rules of its own."""

    help = "Make the groups keeper, dpo, auditor and desk."

    def handle(self, *args: Any, **options: Any) -> None:
        """Auditors and the officer read; keepers also change the catalogue, connect systems and write purposes.

        Keepers and the officer answer requests, end restrictions and read what residents wrote for everyone; the
        officer keeps the texts that answers begin with, and describes breaches. Staff of a service point see no list
        of the back office: they open one person, and write down answers.
        """
        with scope(Role.STAFF, departments=["*"]):
            ours = Q(content_type__app_label__in=_OURS, codename__startswith="view_")
            views = Permission.objects.filter(ours | _named({"rest": ("view_client",)}))
            groups: dict[str, Iterable[Permission]] = {
                "keeper": [*views.exclude(codename__startswith="view_breach"), *_rights(_BOTH, _KEEPER)],
                "dpo": [*views, *_rights(_BOTH, _OFFICER, _WATCHED)],
                "auditor": [*views, *_rights(_WATCHED)],
                "desk": _rights(_DESK),
            }
            for name, rights in groups.items():
                group, _ = Group.objects.get_or_create(name=name)
                group.permissions.set(rights)
        self.stdout.write("The groups are there.")


def _rights(*tables: Mapping[str, tuple[str, ...]]) -> list[Permission]:
    return [right for table in tables for right in Permission.objects.filter(_named(table))]


def _named(table: Mapping[str, tuple[str, ...]]) -> Q:
    named = Q()
    for room, codenames in table.items():
        named |= Q(content_type__app_label=room, codename__in=codenames)
    return named
