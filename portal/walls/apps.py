"""The walls as a Django app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from portal.walls.grants import put_in_force


class WallsConfig(AppConfig):
    """Database roles and row security."""

    name = "portal.walls"

    def ready(self) -> None:
        """Grants follow the schema: once a migration run, when the last table is there."""
        post_migrate.connect(put_in_force, sender=apps.get_app_config("auth"), dispatch_uid="portal.walls.grants")
